-- $1 ids.
select e.id, e.metadata
  from unnest($1::uuid[]) as g(id)
 cross join lateral (select e.id, e.metadata from stele.events e where e.id = g.id offset 0) e
