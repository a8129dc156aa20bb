-- $1 id, $2 state, $3 why it failed, $4 result. What was given up stays given up.
update stele.jobs
   set state = $2, because = $3, result = $4::text::json, updated_at = clock_timestamp(), ended_at = clock_timestamp(),
       progress = case when $2 = 'done' then 1 else progress end
 where id = $1 and state = 'running'
