-- $1 owner, $2 names, $3 their epochs, $4 duration in ms. What is not returned is lost. A lease that ran out but that
-- nobody took is still ours: its epoch stands. retry: somebody asked for parked keys to be tried again. Locked in the
-- order of names, as wherever several are: or two that lock the same could wait for each other.
with held as materialized (
    select s.name
      from unnest($2::text[], $3::bigint[]) as lease(name, epoch)
      join stele.subscriptions s on s.name = lease.name and s.epoch = lease.epoch and s.owner = $1
     order by s.name for update of s
)
update stele.subscriptions s
   set leased_until = clock_timestamp() + $4::bigint * interval '1 ms'
  from held
 where s.name = held.name
returning s.name, s.epoch,
          exists (select from stele.parked_keys k where k.subscription = s.name and k.retry) as retry
