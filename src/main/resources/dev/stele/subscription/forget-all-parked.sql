-- $1 subscription. Its runner has lost the lease before, in the same transaction.
with keys as (delete from stele.parked_keys where subscription = $1)
delete from stele.parked_events where subscription = $1
