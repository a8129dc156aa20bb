-- $1 subscription, $2 epoch, $3 … $14 see stele.park. No row = the lease is lost, and nothing changed.
with held as (
    select name from stele.subscriptions where name = $1 and epoch = $2 for update
)
select stele.park(held.name, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as keys from held
