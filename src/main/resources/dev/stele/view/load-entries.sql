-- $1 view id, $2 keys in the order in which they are needed, $3 most bytes, $4 how many of the first keys are needed in
-- any case. A row without a value is an entry that is there but was too much. The keys are selected for the reason
-- that write-entries gives. A standby, to which an open connection may lead after a failover, refuses the last line: what it
-- has may be older than what was written, and nobody may fold on that.
select key, position, case when nth <= $4 or running_bytes <= $3 then value end as value
  from (select asked.nth, e.key, e.position, e.value::text as value,
               sum(octet_length(e.value::text)) over (order by asked.nth) as running_bytes
          from unnest((select $2::text[])) with ordinality as asked(key, nth)
          join stele.view_entries e on e.view_id = $1 and e.key = asked.key) found
 where (select pg_current_wal_insert_lsn()) is not null
