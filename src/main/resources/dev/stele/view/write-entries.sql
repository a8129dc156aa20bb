-- $1 subscription, $2 epoch, $3 and $4 where its checkpoint must be at least and may be at most, $5 where it goes, $6 view
-- id, $7 keys that are removed; of what is written $8 keys, $9 values, $10 positions, $11 times; $12 whether something is
-- parked or released, $13 … $24 see stele.park.
-- Every part of such a statement runs, matched or not: each selects from the fence, so that a replica that has lost the
-- lease, or whose answer was lost, changes nothing. moved = 0: fenced.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (
    select set_config('synchronous_commit', 'off', true)
), fence as (
    update stele.subscriptions set position = greatest(position, $5::bigint), error = null, error_since = null
      from unhurried
     where name = $1 and epoch = $2 and position between $3 and $4
    returning name
), removed as (
    delete from stele.view_entries e using fence where e.view_id = $6 and e.key = any ($7::text[])
), written as (
    insert into stele.view_entries (view_id, position, updated_at, key, value)
    select $6, w.position, w.updated_at, w.key, w.value::json
      from fence
     cross join unnest($8::text[], $9::text[], $10::bigint[], $11::timestamptz[])
        as w(key, value, position, updated_at)
        on conflict (view_id, key) do update
       set position = excluded.position, updated_at = excluded.updated_at, value = excluded.value
), parked as (
    select stele.park(name, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) from fence where $12::boolean
)
select (select count(*) from fence) as moved, (select count(*) from parked) as parked
