-- $1 subscription. Each key, for the operator is told how many. Locked in their order, as in stele.park.
with parked as materialized (
    select key from stele.parked_keys where subscription = $1 order by key for update
)
update stele.parked_keys k set retry = true from parked
 where k.subscription = $1 and k.key = parked.key
returning k.key
