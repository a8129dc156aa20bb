-- $1 ids. Their updaters find no epoch to match any more; their entries are deleted by delete-removed-entries.
with removed as (
    delete from stele.views where id = any ($1::int[]) returning id
), remembered as (
    insert into stele.removed_views (id) select id from removed
)
delete from stele.subscriptions s using removed where s.name = 'view/' || removed.id
