-- What a subscription reads: $1 position (exclusive), $2 position (inclusive) known to be committed, $3 most events,
-- $4 most bytes, $5 categories, $6 types, $7 tags (all must match); an empty array does not filter.
-- Positions are dense and committed in order, so that ($1, $2] is complete, whatever else is going on.
-- Which events are at both ends, and the log's generation, come with it: whoever goes on from $1 sees by the same snapshot
-- that it still is the same log. A slice without events is one row of nulls, but for these.
select l.generation, after.id as after_id, up_to.id as up_to_id, page.*
  from stele.log l
  left join stele.events after on after.position = $1
  left join stele.events up_to on up_to.position = $2
  left join (select e.*,
                   count(*) over () as available,
                   sum(coalesce(octet_length(e.data), 0) + coalesce(octet_length(e.metadata), 0)) over (order by position) as running_bytes,
                   row_number() over (order by position) as nth
              from (select * from stele.events
                     where position > $1 and position <= $2
                       and (cardinality($5::text[]) = 0 or split_part(stream, '-', 1) = any ($5::text[]))
                       and (cardinality($6::text[]) = 0 or type = any ($6::text[]))
                       and tags @> $7::text[]
                     order by position limit $3) e) page on page.running_bytes <= $4 or page.nth = 1
 order by page.nth
