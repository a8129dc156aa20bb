-- $1 subscription. Each key, for the operator is told how many.
update stele.parked_keys set retry = true where subscription = $1
returning key
