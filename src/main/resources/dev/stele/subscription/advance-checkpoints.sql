-- $1 names, $2 their epochs, $3 where their checkpoints must be at least, $4 where they go; they never go back. What is not
-- returned is fenced, or fell back when PostgreSQL crashed. A row that somebody has locked at this moment is returned, and
-- moved another time.
-- It comes late: whether there is an error by now is not its affair.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (
    select set_config('synchronous_commit', 'off', true)
), reached as (
    select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) as r(name, epoch, at_least, position)
), free as materialized (
    select s.name, reached.position
      from reached
      join stele.subscriptions s
        on s.name = reached.name and s.epoch = reached.epoch and s.position >= reached.at_least
     order by s.name for update of s skip locked
), moved as (
    update stele.subscriptions s set position = greatest(s.position, free.position)
      from unhurried, free
     where s.name = free.name
)
select s.name
  from reached
  join stele.subscriptions s
    on s.name = reached.name and s.epoch = reached.epoch and s.position >= reached.at_least
