-- $1 stream, $2 version. A stream begins behind its newest tombstone.
select *
  from stele.events
 where stream = $1 and version = $2
   and version > coalesce((select t.version from stele.events t where t.stream = $1 and t.type = '$deleted'
                            order by t.version desc limit 1), 0)
