-- $1 name, $2 checkpoint to start from (exclusive).
insert into stele.subscriptions (name, position) values ($1, $2) on conflict (name) do nothing
