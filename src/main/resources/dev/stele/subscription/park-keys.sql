-- $1 subscription, $2 epoch, $3 … $15 see stele.park. No row = the lease is lost, and nothing changed.
-- What is passed next is in Kafka for ever, so this must be on the disk before, whatever the database's default is.
with durable as materialized (
    select set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
), held as (
    select name from stele.subscriptions cross join durable where name = $1 and epoch = $2 for update of subscriptions
)
select 1 from held cross join lateral stele.park(held.name, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
