-- $1 names, null = all; $2 how long a replica counts as there, in ms, as in see-replicas; $3 how long nobody may run one, or
-- hear of who does, in ms. silent: a replica has the lease, and has not been heard of for that long. unclaimed: nobody has
-- the lease; at once when it ran out, and after that time when it was given back or is new.
-- put_back: whoever has the lease was heard of in what is the future by now, and not since the clock was put back.
select s.name, s.position, s.error, s.error_since, s.owner, s.leased_until, lease.held, heard.at as heard_at,
       coalesce(heard.at > lease.soon, false) as put_back,
       lease.held and coalesce(heard.at <= lease.long_ago or heard.at > lease.soon, true) as silent,
       not lease.held and (s.owner is not null or s.leased_until <= lease.long_ago) as unclaimed,
       (select count(*) from stele.parked_keys k where k.subscription = s.name) as parked_keys
  from stele.subscriptions s
 cross join lateral (select s.leased_until > clock_timestamp() and s.owner is not null as held,
                            clock_timestamp() - $3::bigint * interval '1 ms' as long_ago,
                            clock_timestamp() + $2::bigint * interval '1 ms' as soon) lease
  left join lateral (select r.seen_until - $2::bigint * interval '1 ms' as at
                       from stele.replicas r where r.id = s.owner) heard on true
 where $1::text[] is null or s.name = any ($1::text[])
