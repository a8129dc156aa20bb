-- $1 owner, $2 names, $3 their epochs, $4 duration in ms. What is not returned is lost. A lease that ran out but that
-- nobody took is still ours: its epoch stands. So is one whose row somebody else has locked at this moment, though it is
-- not prolonged: nobody may hold up all others, and whoever takes leases leaves locked rows alone, too.
-- retry: somebody asked for parked keys to be tried again.
with free as materialized (
    select s.name
      from unnest($2::text[], $3::bigint[]) as lease(name, epoch)
      join stele.subscriptions s on s.name = lease.name and s.epoch = lease.epoch and s.owner = $1
     order by s.name for update of s skip locked
), prolonged as (
    update stele.subscriptions s
       set leased_until = clock_timestamp() + $4::bigint * interval '1 ms'
      from free
     where s.name = free.name
)
select s.name, s.epoch,
       exists (select from stele.parked_keys k where k.subscription = s.name and k.retry) as retry
  from unnest($2::text[], $3::bigint[]) as lease(name, epoch)
  join stele.subscriptions s on s.name = lease.name and s.epoch = lease.epoch and s.owner = $1
