-- $1 name.
delete from stele.subscriptions where name = $1
