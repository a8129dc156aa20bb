-- $1 name, null = all.
select p.name, p.version, p.paused, p.definition, p.delay_p50_ms, p.delay_p99_ms
  from stele.publications p
 where p.deleted_at is null and ($1::text is null or p.name = $1)
 order by p.name
