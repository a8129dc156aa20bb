-- $1 subscription. Not from a standby, as in load-entries.
select k.key, k.position, k.by_stream, k.retry, count(e.position) as events
  from stele.parked_keys k
  left join stele.parked_events e on e.subscription = k.subscription and e.key = k.key
 where k.subscription = $1 and (select pg_current_wal_insert_lsn()) is not null
 group by k.key, k.position, k.by_stream, k.retry
