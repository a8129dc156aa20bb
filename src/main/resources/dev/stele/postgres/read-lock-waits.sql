-- $1 how long they have waited at least, in ms. The statements of this role that wait for a lock, each with whoever is at the
-- head of the queue before it: holds what is waited for, and waits for nobody. What other roles' sessions do is hidden from
-- a role without pg_monitor: their state is null then. pid 0 is a prepared transaction.
with recursive waiting as materialized (
    select a.pid, a.query,
           (select min(l.waitstart) from pg_locks l where l.pid = a.pid and not l.granted) as since
      from pg_stat_activity a
     where a.datname = current_database() and a.usename = current_user and a.wait_event_type = 'Lock'
), line (waiter, pid) as (
    select w.pid, b.pid
      from waiting w cross join lateral unnest(pg_blocking_pids(w.pid)) as b(pid)
     where w.since <= clock_timestamp() - $1::bigint * interval '1 ms'
    union
    select line.waiter, b.pid
      from line cross join lateral unnest(pg_blocking_pids(line.pid)) as b(pid)
)
select w.query as waiting_query, w.since, line.pid, coalesce(b.application_name, '') as application,
       coalesce(b.usename::text, '') as role, b.state, case when b.state is not null then b.query end as query,
       extract(epoch from clock_timestamp()
               - case when b.state like 'idle%' then b.state_change else b.xact_start end)::bigint as seconds
  from line
  join waiting w on w.pid = line.waiter
  left join pg_stat_activity b on b.pid = line.pid
 where cardinality(pg_blocking_pids(line.pid)) = 0
 order by w.since, line.pid
