-- $1 owner, $2 names, $3 their epochs, $4 duration in ms. What is not returned is lost. A lease that ran out but that
-- nobody took is still ours: its epoch stands. retry: somebody asked for parked keys to be tried again.
update stele.subscriptions s
   set leased_until = clock_timestamp() + $4::bigint * interval '1 ms'
  from unnest($2::text[], $3::bigint[]) as held(name, epoch)
 where s.name = held.name and s.epoch = held.epoch and s.owner = $1
returning s.name, s.epoch,
          exists (select from stele.parked_keys k where k.subscription = s.name and k.retry) as retry
