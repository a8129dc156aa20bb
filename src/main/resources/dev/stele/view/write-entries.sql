-- $1 subscription, $2 epoch, $3 and $4 where its checkpoint must be at least and may be at most, $5 where it goes, $6 view
-- id. One for each change: $7 keys, $8 positions of the entries that were read and folded on, null = there was none,
-- $9 values, null = the entry goes, $10 positions, $11 times. $12 whether something is parked or released,
-- $13 … $25 see stele.park. $26 which event is where the checkpoint goes (null = not known), $27 the generation in which
-- it was seen there: when it is gone, what was folded is of a log that is no more. moved = 0: fenced.
-- Every part of such a statement runs, matched or not, and on one snapshot: each change comes through the fence, so that
-- a replica that has lost the lease, or whose answer was lost, changes nothing.
-- A change is made only where the entry still is what was folded on, and an entry that was not there is inserted, never
-- overwritten: a change that is `missed`, or a key that is there already, fails the whole statement.
-- The arrays are selected because the planner must not see how long they are: it would plan anew each time, and that
-- costs more than the rest.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
-- But for what is parked or released: where the checkpoint stays, nobody would notice that it was lost.
with unhurried as (
    select set_config('synchronous_commit', case when not $12::boolean then 'off'
                                                 when setting = 'remote_apply' then setting else 'on' end, true)
      from (select current_setting('synchronous_commit') as setting) now
), fence as (
    update stele.subscriptions s
       set position = greatest(s.position, $5::bigint), error = null, error_since = null,
           last_position = case when s.position <= $5 then $5 else s.last_position end,
           last_id = case when s.position <= $5 then $26::uuid else s.last_id end,
           last_generation = case when s.position <= $5 then $27::int else s.last_generation end
      from unhurried
     where s.name = $1 and s.epoch = $2 and s.position between $3 and $4
       and ($26::uuid is null or exists (select from stele.events e where e.position = $5 and e.id = $26))
    returning s.name
), change as (
    select c.key, c.found, c.value, c.position, c.updated_at
      from fence
     cross join unnest((select $7::text[]), (select $8::bigint[]), (select $9::text[]), (select $10::bigint[]),
                       (select $11::timestamptz[]))
        as c(key, found, value, position, updated_at)
), added as (
    insert into stele.view_entries (view_id, position, updated_at, key, value)
    select $6, position, updated_at, key, value::json from change where found is null and value is not null
    returning key
), updated as (
    update stele.view_entries e
       set position = c.position, updated_at = c.updated_at, value = c.value::json
      from change c
     where e.view_id = $6 and e.key = c.key and e.position = c.found and c.value is not null
    returning e.key
), removed as (
    delete from stele.view_entries e using change c
     where e.view_id = $6 and e.key = c.key and e.position = c.found and c.value is null
    returning e.key
), absent as (
    select c.key from change c
     where c.found is null and c.value is null
       and not exists (select from stele.view_entries e where e.view_id = $6 and e.key = c.key)
), missed as (
    select key from change
    except (select key from added union all select key from updated
            union all select key from removed union all select key from absent)
), parked as (
    select stele.park(name, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) from fence where $12::boolean
)
select (select count(*) from fence) as moved, (select count(*) from parked) as parked,
       stele.require_exact((select array_agg(key) from missed)) as exact
