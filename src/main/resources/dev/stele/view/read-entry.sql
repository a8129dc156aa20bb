-- $1 name, $2 key. One snapshot: the entry is the fold up to just this checkpoint, or, if the key is parked, up to just
-- before the first of its parked events (parked_at). A key whose parked events were all skipped is parked no longer, but
-- for the row. No row = no such view.
select v.id, v.version, v.stale, s.last_generation, s.position as checkpoint, e.key, e.value::text as value, e.position, e.updated_at,
       (select min(p.position) from stele.parked_events p where p.subscription = s.name and p.key = $2) as parked_at,
       k.key as failed_key, k.position as failed_at, k.type as failed_type, k.stream as failed_stream,
       k.error, k.retry
  from stele.views v
  join stele.subscriptions s on s.name = 'view/' || v.id
  left join stele.view_entries e on e.view_id = v.id and e.key = $2
  left join stele.parked_keys k on k.subscription = s.name and k.key = $2
 where v.name = $1 and v.live
