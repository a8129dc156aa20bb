-- $1 id.
select * from stele.events where id = $1
