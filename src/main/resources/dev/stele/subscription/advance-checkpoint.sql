-- $1 name, $2 epoch, $3 where the checkpoint goes; it never goes back. No row = fenced: nothing changed.
-- It comes late: whether there is an error by now is not its affair.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (select set_config('synchronous_commit', 'off', true))
update stele.subscriptions set position = $3
  from unhurried
 where name = $1 and epoch = $2 and position <= $3
returning 1
