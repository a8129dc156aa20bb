-- The newest position, 0 for an empty log.
select coalesce(max(position), 0) as head from stele.events
