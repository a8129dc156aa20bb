-- $1 names, null = all; $2 most entries that are counted.
select v.id, v.name, v.version, v.live, v.built_at is not null as built, v.definition,
       v.verified_at, v.verified_keys, v.different_keys,
       (select count(*) from (select from stele.view_entries e where e.view_id = v.id limit $2) counted) as entries
  from stele.views v
 where $1::text[] is null or v.name = any ($1::text[])
 order by v.name, v.live desc
