-- $1 view id, $2 why. The first reason stays.
-- On the disk, whatever the database's default is: nothing
-- else would tell again.
with durable as materialized (
    select set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
)
update stele.views set inexact = coalesce(inexact, $2) from durable where id = $1
