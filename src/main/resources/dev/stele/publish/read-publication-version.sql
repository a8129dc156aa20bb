-- $1 name. No row = no such publication.
select version from stele.publications where name = $1 and deleted_at is null
