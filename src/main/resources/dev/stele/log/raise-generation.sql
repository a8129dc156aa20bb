-- $1 position and $2 id (null = whatever id) of an event, $3 the generation in which it was seen. The generation rises if
-- the event is not there any more and nobody has raised it since: once for each time that the log was put back, however
-- many notice. A log that was put back further than to its last generation rises beyond the one that the event is of.
-- On the disk, whatever the database's default is: readers are told of it at once.
with durable as materialized (
    select set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
)
update stele.log
   set generation = greatest(generation, $3) + 1
  from durable
 where generation <= $3
   and not exists (select from stele.events where position = $1 and ($2::uuid is null or id = $2))
returning generation
