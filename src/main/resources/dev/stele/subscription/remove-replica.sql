-- $1 this replica.
delete from stele.replicas where id = $1
