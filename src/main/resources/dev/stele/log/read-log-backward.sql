-- $1 position (exclusive), $2 most events, $3 most bytes. Newest first.
-- The page ends before the event that would take it over the byte limit, but has at least one; `available` tells
-- how many the row limit alone would have given. octet_length does not unpack what is stored out of line.
-- A page without events is one row of nulls, but for the generation of the log, which every row has.
select l.generation, page.*
  from stele.log l
  left join (select e.*,
                   count(*) over () as available,
                   sum(coalesce(octet_length(e.data), 0) + coalesce(octet_length(e.metadata), 0)) over (order by position desc) as running_bytes,
                   row_number() over (order by position desc) as nth
              from (select * from stele.events where position < $1 order by position desc limit $2) e
            ) page on page.running_bytes <= $3 or page.nth = 1
 order by page.nth
