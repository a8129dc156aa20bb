-- $1 subscription, $2 most events. All keys of an event come together. A row of position 0 stands for a key whose events
-- were all skipped: there is nothing left to try, and the key is released.
with retried as (
    select k.key from stele.parked_keys k where k.subscription = $1 and k.retry
), positions as (
    select distinct e.position
      from retried join stele.parked_events e on e.subscription = $1 and e.key = retried.key
     order by e.position limit $2
)
select e.key, e.position, e.whole
  from positions
  join stele.parked_events e on e.subscription = $1 and e.position = positions.position
  join retried on retried.key = e.key
union all
select retried.key, 0, true
  from retried
 where not exists (select from stele.parked_events e where e.subscription = $1 and e.key = retried.key)
 order by position, key
