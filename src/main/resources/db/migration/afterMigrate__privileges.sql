-- Runs at the end of each migration, also of one that finds nothing to do: whatever took privileges from the service's role,
-- e.g. a dump that was restored without them, a migration brings them back. What the versions grant stands here again.

grant usage on schema stele to "${service_role}";
grant select on stele.flyway_schema_history, stele.log, stele.events, stele.tags, stele.events_json to "${service_role}";
grant insert on stele.events, stele.tags to "${service_role}";
grant update (generation) on stele.log to "${service_role}";
grant select, insert, update, delete on stele.subscriptions, stele.views, stele.view_entries, stele.removed_views,
      stele.replicas, stele.parked_keys, stele.parked_events, stele.jobs to "${service_role}";
grant select, insert, update on stele.publications to "${service_role}";
grant select, insert on stele.skipped_events to "${service_role}";
grant execute on all functions in schema stele to "${service_role}";

-- The service asks for this isolation when it connects; a pooler in between may keep that to itself. A role may always set it
-- for itself; where another one migrates and may not, the service says what is missing.
do $$
begin
    if not exists (select from pg_db_role_setting s
                     join pg_roles r on r.oid = s.setrole
                     join pg_database d on d.oid = s.setdatabase
                    where r.rolname = '${service_role}' and d.datname = current_database()
                      and 'default_transaction_isolation=read committed' = any (s.setconfig)) then
        execute format('alter role %I in database %I set default_transaction_isolation = ''read committed''',
                       '${service_role}', current_database());
    end if;
exception when insufficient_privilege then
    raise notice 'default_transaction_isolation of role ${service_role} is left as it is';
end $$;
