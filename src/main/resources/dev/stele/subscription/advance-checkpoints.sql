-- $1 names, $2 their epochs, $3 where their checkpoints must be at least, $4 where they go; they never go back. $5 which events
-- these are (null = not known), $6 the generations in which they were seen there. What is not returned is fenced, or fell
-- back when PostgreSQL crashed, or its event is gone: the log was put back. A row that somebody has locked at this moment is returned, and
-- moved another time.
-- It comes late: whether there is an error by now is not its affair.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (
    select set_config('synchronous_commit', 'off', true)
), reached as (
    select r.*
      from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::int[])
        as r(name, epoch, at_least, position, id, generation)
     where r.id is null or exists (select from stele.events e where e.position = r.position and e.id = r.id)
), free as materialized (
    select s.name, reached.position, reached.id, reached.generation
      from reached
      join stele.subscriptions s
        on s.name = reached.name and s.epoch = reached.epoch and s.position >= reached.at_least
     order by s.name for update of s skip locked
), moved as (
    update stele.subscriptions s
       set position = free.position, last_position = free.position, last_id = free.id, last_generation = free.generation
      from unhurried, free
     where s.name = free.name and s.position <= free.position
)
select s.name
  from reached
  join stele.subscriptions s
    on s.name = reached.name and s.epoch = reached.epoch and s.position >= reached.at_least
