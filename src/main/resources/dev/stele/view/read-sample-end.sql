-- $1 view id, $2 offset, $3 how many keys. Where, by their places, the sample of so many keys ends (exclusive); no row = there
-- are fewer.
select (((('x' || substr(md5(key), 1, 8))::bit(32)::bigint + $2) & 4294967295) + 1) as place
  from stele.view_entries
 where view_id = $1
 order by 1 offset $3 - 1 limit 1
