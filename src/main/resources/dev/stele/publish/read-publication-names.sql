-- All publications.
select name, paused from stele.publications where deleted_at is null order by name
