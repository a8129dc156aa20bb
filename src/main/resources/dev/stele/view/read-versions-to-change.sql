-- $1 name. The newest first. The rows stay locked against promote-view, which does not take the definitions' lock and
-- locks in the same order.
select id, version, live, stale, definition from stele.views where name = $1 order by version desc for update
