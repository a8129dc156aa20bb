-- $1 names, null = all; $2 most entries that are counted.
select v.id, v.name, v.version, v.live, v.built_at is not null as built, v.definition, s.position, s.error, s.error_since,
       v.verified_at, v.verified_keys, v.different_keys,
       case when s.leased_until > clock_timestamp() then s.owner end as owner,
       (select count(*) from stele.parked_keys k where k.subscription = s.name) as parked_keys,
       (select count(*) from (select from stele.view_entries e where e.view_id = v.id limit $2) counted) as entries
  from stele.views v join stele.subscriptions s on s.name = 'view/' || v.id
 where $1::text[] is null or v.name = any ($1::text[])
 order by v.name, v.live desc
