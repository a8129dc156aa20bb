-- $1 id of a version, $2 keys that were compared, $3 keys that differ. No row = reads see it no more.
update stele.views set verified_at = clock_timestamp(), verified_keys = $2, different_keys = $3
 where id = $1 and live
returning id
