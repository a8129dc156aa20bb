-- $1 definition, $2 number (exclusive) after which to begin, $3 most. In the order in which they were skipped.
select nth, version, key, position, event_id, stream, type, error, reason, skipped_at
  from stele.skipped_events
 where definition = $1 and nth > $2
 order by nth limit $3
