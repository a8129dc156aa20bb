-- $1 subscription, $2 epoch, $3 where its checkpoint is, $4 where it goes, $5 view id. One for each change: $6 keys,
-- $7 positions of the entries that were read and folded on, null = there was none, $8 values, null = the entry goes,
-- $9 positions, $10 times. moved = 0: fenced.
-- Every part of such a statement runs, matched or not, and on one snapshot: each change comes through the fence, so that
-- a replica that has lost the lease, or whose answer was lost, changes nothing.
-- A change is made only where the entry still is what was folded on, and an entry that was not there is inserted, never
-- overwritten: a change that is `missed`, or a key that is there already, fails the whole statement.
-- The arrays are selected because the planner must not see how long they are: it would plan anew each time, and that
-- costs more than the rest.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (
    select set_config('synchronous_commit', 'off', true)
), fence as (
    update stele.subscriptions set position = $4, error = null, error_since = null
      from unhurried
     where name = $1 and epoch = $2 and position = $3
    returning 1
), change as (
    select c.key, c.found, c.value, c.position, c.updated_at
      from fence
     cross join unnest((select $6::text[]), (select $7::bigint[]), (select $8::text[]), (select $9::bigint[]),
                       (select $10::timestamptz[]))
        as c(key, found, value, position, updated_at)
), added as (
    insert into stele.view_entries (view_id, position, updated_at, key, value)
    select $5, position, updated_at, key, value::json from change where found is null and value is not null
    returning key
), updated as (
    update stele.view_entries e
       set position = c.position, updated_at = c.updated_at, value = c.value::json
      from change c
     where e.view_id = $5 and e.key = c.key and e.position = c.found and c.value is not null
    returning e.key
), removed as (
    delete from stele.view_entries e using change c
     where e.view_id = $5 and e.key = c.key and e.position = c.found and c.value is null
    returning e.key
), absent as (
    select c.key from change c
     where c.found is null and c.value is null
       and not exists (select from stele.view_entries e where e.view_id = $5 and e.key = c.key)
), missed as (
    select key from change
    except (select key from added union all select key from updated
            union all select key from removed union all select key from absent)
)
select (select count(*) from fence) as moved, stele.require_exact((select array_agg(key) from missed)) as exact
