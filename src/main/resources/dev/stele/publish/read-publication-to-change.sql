-- $1 name. No row = there never was such a publication.
select version, begun_version, paused, deleted_at is not null as deleted, definition
  from stele.publications where name = $1
