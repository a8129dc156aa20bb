-- $1 ids whose definition the caller has already. One that is stale waits for nothing any more.
select v.id, v.name, v.version, v.live, v.built_at is not null or v.stale as built, s.position,
       case when v.id = any ($1::int[]) then null else v.definition end as definition
  from stele.views v join stele.subscriptions s on s.name = 'view/' || v.id
 order by v.id
