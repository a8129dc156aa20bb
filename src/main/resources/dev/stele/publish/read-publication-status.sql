-- $1 name, null = all.
select p.name, p.version, p.paused, p.definition, p.delay_p50_ms, p.delay_p99_ms, s.position, s.error, s.error_since,
       (select count(*) from stele.parked_keys k where k.subscription = s.name) as parked_keys,
       case when s.leased_until > clock_timestamp() then s.owner end as owner
  from stele.publications p join stele.subscriptions s on s.name = 'publication/' || p.name
 where p.deleted_at is null and ($1::text is null or p.name = $1)
 order by p.name
