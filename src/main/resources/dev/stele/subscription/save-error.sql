-- $1 name, $2 epoch, $3 error or null. The time is that of the first error since it last moved.
update stele.subscriptions
   set error = $3, error_since = case when $3::text is null then null else coalesce(error_since, clock_timestamp()) end
 where name = $1 and epoch = $2
