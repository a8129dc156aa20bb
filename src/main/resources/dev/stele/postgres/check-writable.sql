-- Removes nothing, but is refused by a server that can only be read, and to a role without its privileges.
delete from stele.replicas where false
