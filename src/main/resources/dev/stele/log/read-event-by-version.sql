-- $1 stream, $2 version.
select * from stele.events where stream = $1 and version = $2
