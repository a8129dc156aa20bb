-- $1 name, $2 version, $3 live, $4 definition. The version, its subscription from the log's beginning, and the place of
-- its entries: all or none.
with added as (
    insert into stele.views (name, version, live, definition) values ($1, $2, $3, $4) returning id
), subscribed as (
    insert into stele.subscriptions (name, position) select 'view/' || id, 0 from added
)
select stele.create_view_partition(id) as id from added
