-- $1 name, $2 epoch, $3 where the checkpoint may be at most, $4 where it goes. No row = fenced: nothing changed.
-- It may be further than its owner thinks, up to $3: whoever finds that no event between concerns the subscription may
-- say so (advance-unmatched). What moves has no error any more.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (select set_config('synchronous_commit', 'off', true))
update stele.subscriptions set position = greatest(position, $4::bigint), error = null, error_since = null
  from unhurried
 where name = $1 and epoch = $2 and position <= $3
returning 1
