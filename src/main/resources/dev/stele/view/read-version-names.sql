-- All versions, those that reads see before those that are being built.
select id, name, version, live, built_at is not null as built from stele.views order by name, live desc
