-- Entries in one table for all versions, found by their key alone. The partitions of before were found through what a
-- session remembered of their parent, and that could be out of date: entries were not found, and folds began anew.

-- What is there may be wrong, and nothing tells which: it goes, and the views are folded from the log again.
drop table stele.view_entries;
drop function stele.create_view_partition(int);
drop function stele.drop_view_partition(int);

create table stele.view_entries (
    view_id    int not null,
    position   bigint not null,
    updated_at timestamptz not null,
    key        text collate "C" not null,
    value      json not null,
    primary key (view_id, key)
) with (autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_scale_factor = 0.02);
comment on table stele.view_entries is 'value is json, not jsonb: the order of its members and the digits of its numbers
are part of the fold''s state. Cleared early: a version that goes leaves all of its entries behind at once.';
comment on column stele.view_entries.position is 'The last event that was folded into the entry.';

create table stele.removed_views (
    id int primary key
);
comment on table stele.removed_views is 'Versions that are gone, but not yet all of their entries.';

alter table stele.views add column inexact text;
comment on column stele.views.inexact is
    'Why the version''s entries cannot be the fold; nobody updates it any more. Null as long as nothing speaks against it.';

-- A statement ends its own transaction only by an error, and SQL alone has none to give.
create function stele.require_exact(missed text[]) returns void
language plpgsql set search_path = pg_catalog as $$
begin
    if missed is not null then
        raise exception 'entry "%" is not as it was read', missed[1] using errcode = 'ST001';
    end if;
end $$;
comment on function stele.require_exact is 'Fails when there is a key whose entry was found otherwise than it was read.';
revoke all on function stele.require_exact(text[]) from public;

-- Every view begins at the beginning again; whoever updates one at this moment loses its right to.
update stele.views set built_at = null;
update stele.subscriptions
   set position = 0, epoch = epoch + 1, owner = null, leased_until = null, error = null, error_since = null
 where name like 'view/%';

grant select, insert, update, delete on stele.view_entries, stele.removed_views to "${service_role}";
grant execute on function stele.require_exact(text[]) to "${service_role}";
