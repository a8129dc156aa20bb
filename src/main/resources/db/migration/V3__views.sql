-- Views: their definitions, one row per version, and their entries, one partition per version, so that a version is
-- removed at once and its entries never mix with another's.

create table stele.views (
    id         int generated always as identity primary key,
    version    int not null,
    live       boolean not null,
    created_at timestamptz not null default now(),
    built_at   timestamptz,
    name       text collate "C" not null,
    definition text not null,
    unique (name, version)
);
-- A name has at most one version that reads see, and one that is being built.
create unique index views_live on stele.views (name) where live;
create unique index views_building on stele.views (name) where not live;
comment on column stele.views.live is 'Whether reads see this version; a newer one is built beside it.';
comment on column stele.views.built_at is 'When it first reached the log''s head; null before.';
comment on column stele.views.definition is 'JSON as it was sent, without insignificant white space.';

-- value is json, not jsonb: the order of its members and the digits of its numbers are part of the fold's state.
create table stele.view_entries (
    view_id    int not null,
    position   bigint not null,
    updated_at timestamptz not null,
    key        text collate "C" not null,
    value      json not null,
    primary key (view_id, key)
) partition by list (view_id);
comment on column stele.view_entries.position is 'The last event that was folded into the entry.';

-- The service's role may not make tables; it makes and drops just these.
-- To make a partition in place would lock all entries against reads; to attach one does not.
create function stele.create_view_partition(view_id int) returns int
language plpgsql security definer set search_path = pg_catalog as $$
begin
    execute format('create table stele.view_entries_%s (like stele.view_entries including all)', view_id);
    execute format('alter table stele.view_entries attach partition stele.view_entries_%s for values in (%s)',
                   view_id, view_id);
    return view_id;
end $$;
-- To drop one does lock them, for a moment: who cannot have the lock soon tries again later instead of holding up
-- all that came after.
create function stele.drop_view_partition(view_id int) returns int
language plpgsql security definer set search_path = pg_catalog set lock_timeout = '1s' as $$
begin
    execute format('drop table if exists stele.view_entries_%s', view_id);
    return view_id;
end $$;
revoke all on function stele.create_view_partition(int), stele.drop_view_partition(int) from public;

grant select, insert, update, delete on stele.views to "${service_role}";
grant select, insert, update, delete on stele.view_entries to "${service_role}";
grant execute on function stele.create_view_partition(int), stele.drop_view_partition(int) to "${service_role}";
grant select on stele.flyway_schema_history to "${service_role}";
