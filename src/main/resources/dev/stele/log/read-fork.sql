-- $1 positions, $2 versions and $3 times of events that were sent once. The last one that the log still has.
select max(e.position) as position
  from unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) as sent(position, version, recorded_at)
  join stele.events e
    on e.position = sent.position and e.version = sent.version and e.recorded_at = sent.recorded_at
