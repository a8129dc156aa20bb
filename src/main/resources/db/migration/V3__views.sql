-- Views: their definitions, one row per version, and their entries, one partition per version, so that a version is
-- removed at once and its entries never mix with another's.

create table stele.views (
    id         int generated always as identity primary key,
    version    int not null,
    live       boolean not null,
    created_at timestamptz not null default now(),
    name       text collate "C" not null,
    definition text not null,
    unique (name, version)
);
comment on column stele.views.live is 'Whether reads see this version; a newer one is built beside it.';
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

-- The service's role may not make tables; it makes and drops just these.
create function stele.create_view_partition(view_id int) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    execute format('create table stele.view_entries_%s partition of stele.view_entries for values in (%s)',
                   view_id, view_id);
end $$;
create function stele.drop_view_partition(view_id int) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    execute format('drop table if exists stele.view_entries_%s', view_id);
end $$;
revoke all on function stele.create_view_partition(int), stele.drop_view_partition(int) from public;

grant select, insert, update, delete on stele.views to "${service_role}";
grant select, insert, update, delete on stele.view_entries to "${service_role}";
grant execute on function stele.create_view_partition(int), stele.drop_view_partition(int) to "${service_role}";
grant select on stele.flyway_schema_history to "${service_role}";
