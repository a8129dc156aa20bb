-- $1 stream, $2 first version (inclusive), $3 most events, $4 most bytes.
-- A stream begins behind its newest tombstone.
-- The page ends before the event that would take it over the byte limit, but has at least one; `available` tells
-- how many the row limit alone would have given. octet_length does not unpack what is stored out of line.
-- A page without events is one row of nulls, but for the generation of the log, which every row has.
select l.generation, page.*
  from stele.log l
  left join (select e.*,
                   count(*) over () as available,
                   sum(coalesce(octet_length(e.data), 0) + coalesce(octet_length(e.metadata), 0)) over (order by version) as running_bytes,
                   row_number() over (order by version) as nth
              from (select * from stele.events
                     where stream = $1 and version >= $2
                       and version > coalesce((select t.version from stele.events t where t.stream = $1 and t.type = '$deleted'
                                                order by t.version desc limit 1), 0)
                     order by version limit $3) e
            ) page on page.running_bytes <= $4 or page.nth = 1
 order by page.nth
