-- $1 names, $2 their epochs, $3 where their checkpoints must be at least, $4 where they go; they never go back. What is not
-- returned is fenced, or fell back when PostgreSQL crashed.
-- It comes late: whether there is an error by now is not its affair. Locked in the order of names, as in renew-leases.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (
    select set_config('synchronous_commit', 'off', true)
), held as materialized (
    select s.name, reached.position
      from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) as reached(name, epoch, at_least, position)
      join stele.subscriptions s
        on s.name = reached.name and s.epoch = reached.epoch and s.position >= reached.at_least
     order by s.name for update of s
)
update stele.subscriptions s set position = greatest(s.position, held.position)
  from unhurried, held
 where s.name = held.name
returning s.name
