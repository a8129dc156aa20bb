-- $1 name. No row = no such view.
select id, version from stele.views where name = $1 and live
