-- $1 id of a version that was built beside the live one, $2 position that it must have reached. One statement: readers
-- see the old version up to a commit, and the new one from it on. A row = done.
-- The live version must not be further than the new one, or its readers would see the past again, unless what they see
-- is of a log that was put back since; its checkpoint is
-- locked so that it cannot move any more, and gone afterwards, so that its updater is fenced. Its entries are deleted by
-- delete-removed-entries.
with built as materialized (
    select v.id, v.name, s.position
      from stele.views v join stele.subscriptions s on s.name = 'view/' || v.id
     where v.id = $1 and not v.live and v.inexact is null and not v.stale and s.position >= $2
       for update of v
), old as materialized (
    select v.id
      from built join stele.views v on v.name = built.name and v.live
                 join stele.subscriptions s on s.name = 'view/' || v.id
     where s.position <= built.position or v.stale
       for update of v, s
), stopped as (
    delete from stele.subscriptions s using old where s.name = 'view/' || old.id
), removed as (
    delete from stele.views v using old where v.id = old.id returning v.id
), remembered as (
    insert into stele.removed_views (id) select id from removed
)
update stele.views v
   set live = true, built_at = clock_timestamp()
  from built, removed
 where v.id = built.id
returning v.version
