-- $1 subscription, $2 key (exclusive) after which to begin or null, $3 the only key or null, $4 most keys.
select k.key, k.position, k.event_id, k.stream, k.type, k.error, k.attempts, k.since, k.retry,
       (select count(*) from stele.parked_events e
         where e.subscription = k.subscription and e.key = k.key and e.position > k.position) as waiting
  from stele.parked_keys k
 where k.subscription = $1 and k.key >= coalesce($2::text, '') and k.key is distinct from $2
   and ($3::text is null or k.key = $3)
 order by k.key limit $4
