-- $1 name, $2 epoch. Whatever was sent under this epoch and is not answered yet changes nothing any more: the lease goes on
-- under the next one. No row = the lease is lost.
update stele.subscriptions set epoch = epoch + 1 where name = $1 and epoch = $2
returning epoch, position, last_position, last_id, last_generation
