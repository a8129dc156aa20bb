-- $1 name, $2 epoch, $3 and $4 where the checkpoint must be at least and may be at most, $5 where it goes. No row = fenced:
-- nothing changed.
-- It may be further than its owner thinks, up to $4: whoever finds that no event between concerns the subscription may
-- say so (advance-unmatched). It is further back than $3 when PostgreSQL crashed and lost what was not on the disk yet.
-- What moves has no error any more.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (select set_config('synchronous_commit', 'off', true))
update stele.subscriptions set position = greatest(position, $5::bigint), error = null, error_since = null
  from unhurried
 where name = $1 and epoch = $2 and position between $3 and $4
returning 1
