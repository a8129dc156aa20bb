-- $1 name, $2 version, $3 version that began anew, $4 definition. One that was deleted does not come back paused.
insert into stele.publications as p (name, version, begun_version, definition) values ($1, $2, $3, $4)
    on conflict (name) do update
   set version = excluded.version, begun_version = excluded.begun_version, definition = excluded.definition,
       paused = p.paused and p.deleted_at is null, deleted_at = null, delay_p50_ms = null, delay_p99_ms = null,
       gone_after = null, gone_up_to = null, gone_generation = null, continue_from = null
