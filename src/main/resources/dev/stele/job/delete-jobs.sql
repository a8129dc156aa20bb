-- $1 how long ago they ended, in ms; $2 most jobs.
delete from stele.jobs
 where id in (select id from stele.jobs where ended_at < clock_timestamp() - $1::bigint * interval '1 ms' limit $2)
