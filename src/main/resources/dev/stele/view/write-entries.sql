-- $1 subscription, $2 epoch, $3 where its checkpoint may be at most, $4 where it goes, $5 view id, $6 keys that are
-- removed; of what is written $7 keys, $8 values, $9 positions, $10 times; $11 whether something is parked or released,
-- $12 … $23 see stele.park.
-- Every part of such a statement runs, matched or not: each selects from the fence, so that a replica that has lost the
-- lease, or whose answer was lost, changes nothing. moved = 0: fenced.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (
    select set_config('synchronous_commit', 'off', true)
), fence as (
    update stele.subscriptions set position = greatest(position, $4::bigint), error = null, error_since = null
      from unhurried
     where name = $1 and epoch = $2 and position <= $3
    returning name
), removed as (
    delete from stele.view_entries e using fence where e.view_id = $5 and e.key = any ($6::text[])
), written as (
    insert into stele.view_entries (view_id, position, updated_at, key, value)
    select $5, w.position, w.updated_at, w.key, w.value::json
      from fence
     cross join unnest($7::text[], $8::text[], $9::bigint[], $10::timestamptz[])
        as w(key, value, position, updated_at)
        on conflict (view_id, key) do update
       set position = excluded.position, updated_at = excluded.updated_at, value = excluded.value
), parked as (
    select stele.park(name, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23) from fence where $11::boolean
)
select (select count(*) from fence) as moved, (select count(*) from parked) as parked
