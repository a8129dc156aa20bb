-- $1 subscription.
select k.key, k.position, k.by_stream, k.retry, count(e.position) as events
  from stele.parked_keys k
  left join stele.parked_events e on e.subscription = k.subscription and e.key = k.key
 where k.subscription = $1
 group by k.key, k.position, k.by_stream, k.retry
