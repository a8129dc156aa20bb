-- $1 name, $2 version, $3 subscription, $4 epoch, $5 where its checkpoint is, $6 which event that is, $7 the generation in which
-- it was seen there. The publication goes on from there in the log as it is: the checkpoint may go back.
with held as (
    update stele.subscriptions
       set position = $5, last_position = $5, last_id = $6, last_generation = $7, error = null, error_since = null
     where name = $3 and epoch = $4
    returning name
)
update stele.publications p
   set gone_after = null, gone_up_to = null, gone_generation = null, continue_from = null
  from held
 where p.name = $1 and p.version = $2
returning 1
