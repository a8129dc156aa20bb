-- $1 name, $2 epoch. Whatever was sent under this epoch and is not answered yet changes nothing any more: the lease goes on
-- under the next one. No row = the lease is lost.
-- On the disk, as in acquire-leases.
with durable as materialized (
    select set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
)
update stele.subscriptions set epoch = epoch + 1 from durable where name = $1 and epoch = $2
returning epoch, position, last_position, last_id, last_generation
