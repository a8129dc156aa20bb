-- Entries of versions that are gone. A version and its partition come in one transaction, so that a partition without
-- a version is never one that is being made.
select stele.drop_view_partition(orphan.view_id)
  from (select substring(c.relname from '[0-9]+$')::int as view_id
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'stele.view_entries'::regclass) orphan
 where not exists (select from stele.views v where v.id = orphan.view_id)
