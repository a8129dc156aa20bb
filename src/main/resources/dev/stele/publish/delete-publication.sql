-- $1 name.
update stele.publications set deleted_at = clock_timestamp() where name = $1
