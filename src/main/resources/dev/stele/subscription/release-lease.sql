-- $1 name, $2 epoch. The epoch stays: whoever comes next raises it.
update stele.subscriptions set owner = null, leased_until = clock_timestamp()
 where name = $1 and epoch = $2 and owner is not null
