-- $1 name.
select id, version, definition from stele.views where name = $1 and live
