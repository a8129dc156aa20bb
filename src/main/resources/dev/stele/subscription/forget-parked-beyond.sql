-- $1 subscription, $2 epoch, $3 position (exclusive). No row = the lease is lost, and nothing changed.
with held as (
    select name from stele.subscriptions where name = $1 and epoch = $2 for update
), forgotten as (
    delete from stele.parked_events e using held where e.subscription = held.name and e.position > $3
), unparked as (
    delete from stele.parked_keys k using held
     where k.subscription = held.name and not k.retry
       and not exists (select from stele.parked_events e
                        where e.subscription = k.subscription and e.key = k.key and e.position <= $3)
)
select 1 from held
