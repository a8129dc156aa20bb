-- $1 name, $2 and $3 positions between which (exclusive, inclusive) no event concerns the subscription, $4 the event at the
-- second one, $5 the generation in which it was seen there. Anybody may say so, whoever holds the lease: it stays true as
-- long as the log still has that event, and the one that the subscription knows it by. Need not wait for the disk.
with unhurried as (select set_config('synchronous_commit', 'off', true))
update stele.subscriptions s set position = $3, last_position = $3, last_id = $4, last_generation = $5
  from unhurried
 where s.name = $1 and s.position >= $2 and s.position < $3
   and exists (select from stele.events e where e.position = $3 and e.id = $4)
   and (s.last_id is null or exists (select from stele.events e where e.position = s.last_position and e.id = s.last_id))
returning 1
