-- $1 subscription, $2 key. No row = it is not parked.
update stele.parked_keys set retry = true where subscription = $1 and key = $2
returning key
