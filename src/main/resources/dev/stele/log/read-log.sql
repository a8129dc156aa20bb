-- The log's identity and its newest position.
select l.id, l.generation, (select coalesce(max(position), 0) from stele.events) as head from stele.log l
