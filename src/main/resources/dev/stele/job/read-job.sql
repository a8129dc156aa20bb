-- $1 id.
select id, kind, subject, state, progress, started_at, ended_at, because, result::text as result,
       extract(epoch from clock_timestamp() - started_at)::double precision as seconds
  from stele.jobs
 where id = $1
