-- $1 subscription, $2 most events, or a few more: all keys of an event come together. A row of position 0 stands for a key
-- whose events were all skipped: there is nothing left to try, and the key is released.
-- Key by key, so that the primary key's index gives the first events of each: a join over both tables goes wrong when the
-- statistics do not know the subscription yet, and took seconds for some ten thousand events.
-- Not from a standby, as in load-entries.
with retried as materialized (
    select key
      from stele.parked_keys
     where subscription = $1 and retry and (select pg_current_wal_insert_lsn()) is not null
), first as (
    select retried.key, event.position, event.whole
      from retried
     cross join lateral (select e.position, e.whole from stele.parked_events e
                          where e.subscription = $1 and e.key = retried.key
                          order by e.position limit $2) event
     order by event.position
     fetch first $2 rows with ties
)
select key, position, whole from first
union all
select retried.key, 0, true
  from retried
 where not exists (select from stele.parked_events e where e.subscription = $1 and e.key = retried.key)
 order by position, key
