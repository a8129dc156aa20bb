-- $1 subscription, $2 most events, or a few more: all keys of an event come together. A row of position 0 stands for a key
-- whose events were all skipped: there is nothing left to try, and the key is released.
with retried as (
    select k.key from stele.parked_keys k where k.subscription = $1 and k.retry
), positions as (
    select e.position
      from stele.parked_events e
     where e.subscription = $1 and e.key in (select key from retried)
     order by e.position limit $2
)
select e.key, e.position, e.whole
  from (select distinct position from positions) first
  join stele.parked_events e on e.subscription = $1 and e.position = first.position
  join retried on retried.key = e.key
union all
select retried.key, 0, true
  from retried
 where not exists (select from stele.parked_events e where e.subscription = $1 and e.key = retried.key)
 order by position, key
