-- $1 name, $2 key. One snapshot: the entry is the fold up to just this checkpoint. No row = no such view.
select v.id, v.version, s.position as checkpoint, e.key, e.value::text as value, e.position, e.updated_at
  from stele.views v
  join stele.subscriptions s on s.name = 'view/' || v.id
  left join stele.view_entries e on e.view_id = v.id and e.key = $2
 where v.name = $1 and v.live
