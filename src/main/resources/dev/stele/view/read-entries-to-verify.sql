-- $1 id of a version, $2 offset, $3 first place, $4 the place behind the last, $5 most entries, $6 most bytes of values. One
-- snapshot, as in read-entry. No row = the version is not what reads see any more; a row without a key = no entry.
-- `available` tells how many there are, up to one more than the most.
select s.position as checkpoint, page.key, page.value, page.position, page.available
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
