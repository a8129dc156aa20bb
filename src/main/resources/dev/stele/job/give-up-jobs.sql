-- $1 ids, $2 when each was last renewed, $3 why. What was renewed since goes on.
update stele.jobs j set state = 'failed', because = $3, ended_at = clock_timestamp()
  from unnest($1::uuid[], $2::timestamptz[]) as seen(id, updated_at)
 where j.id = seen.id and j.updated_at = seen.updated_at and j.state = 'running'
