-- $1 how long nothing was heard of them, in ms; $2 why.
update stele.jobs set state = 'failed', because = $2, ended_at = clock_timestamp()
 where state = 'running' and updated_at < clock_timestamp() - $1::bigint * interval '1 ms'
