-- $1 names and $2 their versions that the caller knows: without the definition again.
select p.name, p.version, p.begun_version, p.paused,
       case when known.version is null then p.definition end as definition
  from stele.publications p
  left join unnest($1::text[], $2::int[]) as known(name, version) on known.name = p.name and known.version = p.version
 where p.deleted_at is null
 order by p.name
