-- $1 id of a version, $2 offset, $3 first place, $4 the place behind the last, $5 most entries, $6 most bytes of values. One
-- snapshot, as in read-entry. No row = the version is not what reads see any more; a row without a key = no entry.
-- `available` tells how many there are, up to one more than the most. What was left out, parked or skipped, is in the
-- first row.
with left_out as materialized (
    select key, position, whole from stele.parked_events where subscription = 'view/' || $1::int
    union all
    select key, position, whole from stele.skipped_events where subscription = 'view/' || $1::int
)
select s.position as checkpoint, page.key, page.value, page.position, page.available,
       case when page.nth is null or page.nth = 1 then (select array_agg(key order by position, key) from left_out) end
           as left_out_keys,
       case when page.nth is null or page.nth = 1 then (select array_agg(position order by position, key) from left_out) end
           as left_out_positions,
       case when page.nth is null or page.nth = 1 then (select array_agg(whole order by position, key) from left_out) end
           as left_out_wholes
  from stele.views v
  join stele.subscriptions s on s.name = 'view/' || v.id
  left join lateral (
        select *, count(*) over () as available,
               sum(octet_length(value)) over (order by key) as running_bytes, row_number() over (order by key) as nth
          from (select e.key, e.value::text as value, e.position
                  from stele.view_entries e
                 where e.view_id = v.id
                   and ((('x' || substr(md5(e.key), 1, 8))::bit(32)::bigint + $2) & 4294967295) >= $3
                   and ((('x' || substr(md5(e.key), 1, 8))::bit(32)::bigint + $2) & 4294967295) < $4
                 limit $5 + 1) e
       ) page on page.running_bytes <= $6 or page.nth = 1
 where v.id = $1 and v.live
