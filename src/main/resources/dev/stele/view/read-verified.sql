-- $1 this replica, $2 how old a check may be, in ms; null = none is asked for. Those that are due are the ones that this
-- replica runs.
select v.name, v.verified_keys, v.different_keys,
       coalesce(s.owner = $1 and s.leased_until > clock_timestamp() and v.built_at is not null
                and coalesce(v.verified_at, v.built_at) < clock_timestamp() - $2::bigint * interval '1 ms', false) as due
  from stele.views v join stele.subscriptions s on s.name = 'view/' || v.id
 where v.live
