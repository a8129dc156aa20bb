-- The newest migration that succeeded. Flyway's versions are text; ours are whole numbers.
select coalesce(max(version::int), 0) as version from stele.flyway_schema_history where success and version is not null
