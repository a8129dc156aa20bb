-- $1 owner, $2 names, $3 duration in ms. Only rows that nobody holds, by the database's clock; rows that another
-- replica is taking at this moment are left to it.
update stele.subscriptions s
   set owner = $1, epoch = s.epoch + 1, leased_until = clock_timestamp() + $3::bigint * interval '1 ms'
  from (select name from stele.subscriptions
         where name = any ($2::text[]) and (leased_until is null or leased_until <= clock_timestamp())
           for update skip locked) free
 where s.name = free.name
returning s.name, s.epoch, s.position
