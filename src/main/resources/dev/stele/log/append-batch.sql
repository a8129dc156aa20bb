-- One call for a whole batch; the parameters are those of the function, in its order (db/migration/V1__log.sql). The
-- generation is that of the log which the batch went to; $29 is the position of an event that is known to be there, and
-- known_id which one is.
-- What is answered 201 is on the disk, whatever the defaults of the role, the database or the server are; where they ask for
-- more, that standbys show it, for that as well.
with durable as materialized (
    select set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
)
select outcomes, versions, positions, deleted_parts, failed_parts, reused_appends, reused, found_items, found_positions,
       newest, recorded_at, l.generation, (select id from stele.events where position = $29) as known_id
  from durable, stele.log l,
       stele.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                          $21, $22, $23, $24, $25, $26, $27, $28)
