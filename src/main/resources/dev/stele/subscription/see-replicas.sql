-- $1 this replica, $2 how long it counts in ms. The others that are there; those that were not seen again are forgotten.
with seen as (
    insert into stele.replicas (id, seen_until) values ($1, clock_timestamp() + $2::bigint * interval '1 ms')
        on conflict (id) do update set seen_until = excluded.seen_until
), gone as (
    delete from stele.replicas where seen_until <= clock_timestamp() and id <> $1
)
select id, seen_until from stele.replicas where seen_until > clock_timestamp() and id <> $1
