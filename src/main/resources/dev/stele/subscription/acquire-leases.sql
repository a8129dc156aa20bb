-- $1 owner, $2 names, $3 duration in ms, $4 most that the owner may take, $5 age in ms. Only rows that nobody holds, by
-- the database's clock; rows that another replica is taking at this moment are left to it. What nobody took for longer
-- than the age goes beyond the owner's share: perhaps the others cannot run it.
-- An epoch that was given must not be given again, to another replica, after a crash: its commit is on the disk, whatever
-- the database's default is.
with durable as materialized (
    select set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
), free as materialized (
    select name, leased_until from stele.subscriptions cross join durable
     where name = any ($2::text[]) and leased_until <= clock_timestamp()
     order by name for update of subscriptions skip locked
), share as (
    select name from free order by md5(name || $1) limit $4
)
update stele.subscriptions s
   set owner = $1, epoch = s.epoch + 1, leased_until = clock_timestamp() + $3::bigint * interval '1 ms'
  from free
 where s.name = free.name
   and (free.name in (select name from share)
        or free.leased_until <= clock_timestamp() - $5::bigint * interval '1 ms')
returning s.name, s.epoch, s.position, s.last_position, s.last_id, s.last_generation
