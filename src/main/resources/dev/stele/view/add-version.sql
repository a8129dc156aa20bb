-- $1 name, $2 version, $3 live, $4 definition. The version and its subscription from the log's beginning: both or none.
with added as (
    insert into stele.views (name, version, live, definition) values ($1, $2, $3, $4) returning id
)
insert into stele.subscriptions (name, position) select 'view/' || id, 0 from added
