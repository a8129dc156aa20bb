-- $1 name, $2 epoch. No row = the lease is lost.
select position from stele.subscriptions where name = $1 and epoch = $2
