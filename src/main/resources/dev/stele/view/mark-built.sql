-- $1 id of a live version. It has reached the head for the first time.
update stele.views set built_at = clock_timestamp() where id = $1 and live and built_at is null
