-- $1 name, $2 epoch, $3 and $4 where the checkpoint must be at least and may be at most, $5 where it goes, $6 which event
-- that is (null = not known), $7 the generation in which it was seen there. No row = fenced: nothing changed.
-- It may be further than its owner thinks, up to $4: whoever finds that no event between concerns the subscription may
-- say so (advance-unmatched). It is further back than $3 when PostgreSQL crashed and lost what was not on the disk yet.
-- When the event is gone, what was handled is of a log that is no more. What moves has no error any more.
-- Its commit need not wait for the disk: should PostgreSQL crash, the checkpoint and what it stands for fall back
-- together, and the events behind it, which are durable, are handled again.
with unhurried as (select set_config('synchronous_commit', 'off', true))
update stele.subscriptions s
   set position = greatest(s.position, $5::bigint), error = null, error_since = null,
       last_position = case when s.position <= $5 then $5 else s.last_position end,
       last_id = case when s.position <= $5 then $6::uuid else s.last_id end,
       last_generation = case when s.position <= $5 then $7::int else s.last_generation end
  from unhurried
 where s.name = $1 and s.epoch = $2 and s.position between $3 and $4
   and ($6::uuid is null or exists (select from stele.events e where e.position = $5 and e.id = $6))
returning 1
