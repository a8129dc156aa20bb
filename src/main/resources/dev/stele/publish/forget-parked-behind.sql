-- $1 subscription, $2 position (exclusive). What is parked behind it is of a log that is no more. Its runner has lost the
-- lease before, in the same transaction.
with events as (
    delete from stele.parked_events where subscription = $1 and position > $2
)
delete from stele.parked_keys k
 where k.subscription = $1
   and not exists (select from stele.parked_events e
                    where e.subscription = k.subscription and e.key = k.key and e.position <= $2)
