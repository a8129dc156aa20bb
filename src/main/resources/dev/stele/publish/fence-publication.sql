-- $1 subscription, $2 where its checkpoint goes, null = it stays. Whoever runs it has lost the right to, and whoever
-- comes next has a higher epoch. The row stays when the publication is deleted, so that epochs are never used again.
insert into stele.subscriptions as s (name, position) values ($1, coalesce($2::bigint, 0))
    on conflict (name) do update
   set epoch = s.epoch + 1, owner = null, leased_until = clock_timestamp(), error = null, error_since = null,
       position = coalesce($2::bigint, s.position)
