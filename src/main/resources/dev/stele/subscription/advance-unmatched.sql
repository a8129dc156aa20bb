-- $1 name, $2 and $3 positions between which (exclusive, inclusive) no event concerns the subscription. Anybody may say
-- so, whoever holds the lease: it stays true for ever. Need not wait for the disk.
with unhurried as (select set_config('synchronous_commit', 'off', true))
update stele.subscriptions set position = $3
  from unhurried
 where name = $1 and position >= $2 and position < $3
returning 1
