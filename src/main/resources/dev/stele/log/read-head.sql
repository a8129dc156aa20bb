-- The newest position, 0 for an empty log, and the log's generation.
select (select coalesce(max(position), 0) from stele.events) as head, l.generation from stele.log l
