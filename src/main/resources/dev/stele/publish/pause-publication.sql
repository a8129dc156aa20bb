-- $1 name, $2 whether it is paused.
update stele.publications set paused = $2 where name = $1
