-- $1 name, $2 epoch, $3 where the checkpoint is, $4 where it goes. No row = fenced: nothing changed.
update stele.subscriptions set position = $4 where name = $1 and epoch = $2 and position = $3 returning 1
