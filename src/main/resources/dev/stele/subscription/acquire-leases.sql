-- $1 owner, $2 names, $3 duration in ms, $4 most that the owner may take, $5 age in ms; $6 to $9 leases that the owner saw
-- too long without a renewal, as they were seen: names, epochs, ends, and whether that was so long ago that nobody seems to
-- want them. Only rows that nobody holds: given back, or run out by the database's clock, or by the owner's, for the
-- database's may have been put back. The row must still be what was seen: whoever renewed it at the last moment keeps it.
-- Rows that another replica is taking at this moment are left to it. What nobody took for longer than the age goes beyond
-- the owner's share: perhaps the others cannot run it.
-- An epoch that was given must not be given again, to another replica, after a crash: its commit is on the disk, whatever
-- the database's default is.
with durable as materialized (
    select set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
), stale as (
    select * from unnest($6::text[], $7::bigint[], $8::timestamptz[], $9::boolean[])
        as s(name, epoch, leased_until, for_long)
), free as materialized (
    select s.name,
           coalesce(stale.for_long, false)
           or s.leased_until <= clock_timestamp() - $5::bigint * interval '1 ms' as for_long
      from durable
     cross join stele.subscriptions s
      left join stale on stale.name = s.name and stale.epoch = s.epoch and stale.leased_until = s.leased_until
     where s.name = any ($2::text[])
       and (s.owner is null or s.leased_until <= clock_timestamp() or stale.name is not null)
     order by s.name for update of s skip locked
), share as (
    select name from free order by md5(name || $1) limit $4
)
update stele.subscriptions s
   set owner = $1, epoch = s.epoch + 1, leased_until = clock_timestamp() + $3::bigint * interval '1 ms'
  from free
 where s.name = free.name
   and (free.name in (select name from share) or free.for_long)
returning s.name, s.epoch, s.position, s.last_position, s.last_id, s.last_generation
