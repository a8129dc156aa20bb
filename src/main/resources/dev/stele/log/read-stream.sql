-- $1 stream. No row = no stream. Two index probes: its first event and its last.
select latest.version, first.recorded_at as created_at, latest.recorded_at as last_appended_at
  from (select * from stele.events where stream = $1 order by version limit 1) first,
       (select * from stele.events where stream = $1 order by version desc limit 1) latest
