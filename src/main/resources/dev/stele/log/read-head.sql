-- $1 position of an event that is known. The newest position, 0 for an empty log, which event that is, which one is at the
-- known position, and the log's generation, all of one snapshot.
select coalesce(newest.position, 0) as head, newest.id as head_id, l.generation,
       (select id from stele.events where position = $1) as known_id
  from stele.log l
  left join lateral (select position, id from stele.events order by position desc limit 1) newest on true
