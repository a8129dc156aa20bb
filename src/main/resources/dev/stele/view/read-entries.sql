-- $1 name, $2 key (exclusive) after which to begin or null, $3 most entries, $4 most bytes of values. One snapshot, as in
-- read-entry. No row = no such view; a row without a key = no entry. The page ends before the entry that would take it
-- over the bytes, but has at least one; `available` tells how many the limit of entries alone would have given. An "or"
-- in the condition on the key would read the view from its start.
select v.id, v.version, v.stale, s.last_generation, s.position as checkpoint, page.key, page.value, page.position, page.updated_at, page.parked_at,
       page.available
  from stele.views v
  join stele.subscriptions s on s.name = 'view/' || v.id
  left join lateral (
        select *, count(*) over () as available,
               sum(octet_length(value)) over (order by key) as running_bytes, row_number() over (order by key) as nth
          from (select e.key, e.value::text as value, e.position, e.updated_at,
                       (select min(p.position) from stele.parked_events p
                         where p.subscription = s.name and p.key = e.key) as parked_at
                  from stele.view_entries e
                 where e.view_id = v.id and e.key >= coalesce($2::text, '') and e.key is distinct from $2
                 order by e.key limit $3) e
       ) page on page.running_bytes <= $4 or page.nth = 1
 where v.name = $1 and v.live
 order by page.key
