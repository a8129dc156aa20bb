-- $1 name, $2 epoch, $3 where the checkpoint is, $4 where it goes. No row = fenced: nothing changed.
-- What moves has no error any more.
update stele.subscriptions set position = $4, error = null, error_since = null
 where name = $1 and epoch = $2 and position = $3
returning 1
