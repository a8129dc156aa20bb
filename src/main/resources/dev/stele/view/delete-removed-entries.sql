-- $1 most entries. Some entries of versions that are gone. Nobody reads or writes them any more, so that their locks hold
-- up nobody, and replicas leave each other's versions alone. Once a version is gone no entry of it can come: whoever
-- updated it held its subscription's row, and a removal waits for that row. Fewer entries than might be: those are all.
-- By their places, because the planner would read the whole table to find so many keys.
with version as (
    select id from stele.removed_views order by id limit $1 for update skip locked
), batch as (
    select e.place
      from version
     cross join lateral (select ctid as place from stele.view_entries where view_id = version.id order by key limit $1) e
     limit $1
), deleted as (
    delete from stele.view_entries where ctid = any (array(select place from batch))
), done as (
    delete from stele.removed_views r using version where r.id = version.id and (select count(*) from batch) < $1
)
select count(*) as deleted from batch
