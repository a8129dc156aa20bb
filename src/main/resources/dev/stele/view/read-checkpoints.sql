-- $1 names. What reads of these views see.
select v.id, v.name, v.built_at is not null as built, v.stale, s.position, s.error
  from stele.views v join stele.subscriptions s on s.name = 'view/' || v.id
 where v.name = any ($1::text[]) and v.live
