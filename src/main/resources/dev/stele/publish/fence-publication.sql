-- $1 subscription, $2 where its checkpoint goes, null = it stays. Whoever runs it has lost the right to, and whoever
-- comes next has a higher epoch. The row stays when the publication is deleted, so that epochs are never used again.
with at as (
    select e.position, e.id, l.generation from stele.events e, stele.log l where e.position = $2
)
insert into stele.subscriptions as s (name, position, last_position, last_id, last_generation)
       values ($1, coalesce($2::bigint, 0), (select position from at), (select id from at), (select generation from at))
    on conflict (name) do update
   set epoch = s.epoch + 1, owner = null, leased_until = clock_timestamp(), error = null, error_since = null,
       position = coalesce($2::bigint, s.position),
       last_position = case when $2 is null then s.last_position else excluded.last_position end,
       last_id = case when $2 is null then s.last_id else excluded.last_id end,
       last_generation = case when $2 is null then s.last_generation else excluded.last_generation end
