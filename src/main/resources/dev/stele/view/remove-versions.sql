-- $1 ids. Their updaters find no epoch to match any more; their entries are dropped by drop-orphans.
with removed as (
    delete from stele.views where id = any ($1::int[]) returning id
)
delete from stele.subscriptions s using removed where s.name = 'view/' || removed.id
