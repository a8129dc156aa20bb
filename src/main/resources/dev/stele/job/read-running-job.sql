-- $1 kind, $2 subject.
select id, kind, subject, state, progress, started_at, ended_at, because, result::text as result,
       extract(epoch from clock_timestamp() - started_at)::double precision as seconds
  from stele.jobs
 where kind = $1 and subject = $2 and state = 'running'
