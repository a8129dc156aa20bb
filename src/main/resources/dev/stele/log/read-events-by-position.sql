-- $1 positions, $2 most bytes. In order; the page ends before the event that would take it over the bytes, but has at
-- least one.
select *
  from (select e.*,
               sum(coalesce(octet_length(e.data), 0) + coalesce(octet_length(e.metadata), 0)) over (order by e.position) as running_bytes,
               row_number() over (order by e.position) as nth
          from unnest($1::bigint[]) as wanted(position) join stele.events e on e.position = wanted.position) page
 where running_bytes <= $2 or nth = 1
 order by nth
