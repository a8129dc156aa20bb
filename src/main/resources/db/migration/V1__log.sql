-- The log: its identity, its events, and the one function that appends to them.
-- Runs as the role that owns the tables; the service's role (${service_role}) may be another one and gets only
-- what it needs. Never edited once released: a change is a new file.

create table stele.log (
    only_row   boolean primary key default true check (only_row),
    id         uuid not null default gen_random_uuid(),
    generation int not null default 1
);
insert into stele.log default values;
comment on table stele.log is 'The identity of this log; generation rises after a restore.';

-- Fixed-width columns first, widest first: no padding.
create table stele.events (
    position        bigint primary key,
    append_position bigint not null,
    version         bigint not null,
    recorded_at     timestamptz not null,
    occurred_at     timestamptz,
    id              uuid not null,
    causation_id    uuid,
    schema_version  int,
    stream          text collate "C" not null,
    type            text collate "C" not null,
    recorded_by     text,
    correlation_id  text collate "C",
    actor           text collate "C",
    traceparent     text,
    content_type    text,
    data            bytea,
    metadata        bytea,
    tags            text[] collate "C" not null
);
create unique index events_stream_version on stele.events (stream, version);
create unique index events_id on stele.events (id);

comment on table stele.events is 'The log. Rows are only ever added, by stele.append_batch.';
comment on column stele.events.position is 'From 1, dense, in commit order.';
comment on column stele.events.append_position is
    'The position of the first event of the same append: tells a repeat of a whole append from a repeat of part of it.';
comment on column stele.events.data is 'UTF-8 text as it was sent, without insignificant white space; null = absent.';
comment on column stele.events.tags is 'Sorted, without repeats.';

-- For people who write SQL. Slow on purpose only in that it parses: nothing of the service reads it.
create view stele.events_json as
select position, stream, version, id, type, schema_version, recorded_at, recorded_by, occurred_at,
       case when content_type is null then convert_from(data, 'UTF8')::jsonb end as data,
       convert_from(metadata, 'UTF8')::jsonb as metadata,
       tags, correlation_id, causation_id, actor
  from stele.events;

-- The database itself refuses to change history, whoever asks.
create function stele.refuse_to_change_events() returns trigger language plpgsql as $$
begin
    raise exception 'events are never changed or removed'
        using errcode = 'object_not_in_prerequisite_state', hint = 'Append an event that corrects the earlier one.';
end $$;
create trigger events_are_append_only
    before update or delete or truncate on stele.events
    for each statement execute function stele.refuse_to_change_events();

-- Appends a batch of appends, each all or nothing and each judged by itself, in the order given.
--
-- Why a function, and why one statement after the lock: adr/0001. In short: the lock is taken only when all the
-- arguments have arrived, so a replica that stops in the middle of sending holds up nobody; and under READ COMMITTED
-- the statement after the lock sees all that the previous holder committed, so no check can race.
--
-- The caller sees to it that within a batch an append with a condition is the first of its stream, and that no
-- two appends share an id: then every append can be judged by what was there before the batch.
--
-- Per append:   streams, expected (the version it must be at, 0 = no stream; -1 exists; -2 any), sizes (events),
--               check_ids (whether the ids may have been used before, i.e. were not made for this call)
-- Per event:    append_nth (which append, from 1), event_nth (place in it, from 0), then its columns;
--               tags are joined by U+001F, which no tag contains
-- Returns one row per append, in order:
--   appended    version and position of its last event
--   repeated    the same of the first time
--   id-reused   the ids seen before with other content, with part of it, or in another order
--   conflict    version = what the stream is at
create function stele.append_batch(
    lock_timeout_millis int,
    streams text[], expected bigint[], sizes int[], check_ids boolean[],
    append_nth int[], event_nth int[], ids uuid[], types text[], schema_versions int[], occurred timestamptz[],
    correlation_ids text[], causation_ids uuid[], actors text[], traceparents text[], content_types text[],
    payloads bytea[], metadatas bytea[], tag_lists text[]
) returns table (outcome text, version bigint, "position" bigint, reused uuid[])
language plpgsql volatile
-- The plans are made when the table is small and kept: hold them to the indexes.
set jit = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    head bigint;
    now_at timestamptz;
begin
    perform set_config('lock_timeout', lock_timeout_millis::text, true);
    perform pg_advisory_xact_lock(1937009765, 'stele.events'::regclass::oid::int);

    -- The newest row tells the next position: rows are never removed, or a position would be used twice.
    select e.position, e.recorded_at into head, now_at from stele.events e order by e.position desc limit 1;
    head := coalesce(head, 0);
    now_at := greatest(clock_timestamp(), now_at);

    return query
    -- "materialized": inlined, the probe for the latest version would run once for every use of it.
    with asked as materialized (
        select a.nth, a.stream, a.expected, a.size, a.check_ids,
               coalesce((select e.version from stele.events e where e.stream = a.stream
                          order by e.version desc limit 1), 0) as latest
          from unnest(streams, expected, sizes, check_ids) with ordinality as a(stream, expected, size, check_ids, nth)
    ), given as (
        select * from unnest(append_nth, event_nth, ids, types, schema_versions, occurred, correlation_ids,
                             causation_ids, actors, traceparents, content_types, payloads, metadatas, tag_lists)
            as g(append_nth, event_nth, id, type, schema_version, occurred_at, correlation_id,
                 causation_id, actor, traceparent, content_type, data, metadata, tag_list)
    ), seen as (
        -- "offset 0" keeps each probe an index look-up of its own, whatever the statistics say.
        select g.append_nth, array_agg(g.id order by g.event_nth) as ids, count(*) as known,
               min(e.append_position) as first_position, max(e.append_position) as last_append,
               min(e.version - g.event_nth) as first_version,
               bool_and(e.stream = streams[g.append_nth]
                        and e.position = e.append_position + g.event_nth
                        and e.type = g.type
                        and e.data is not distinct from g.data
                        and e.metadata is not distinct from g.metadata
                        and e.tags = string_to_array(g.tag_list, E'\x1f')
                        and e.occurred_at is not distinct from g.occurred_at
                        and e.schema_version is not distinct from g.schema_version
                        and e.content_type is not distinct from g.content_type) as same
          from given g
         cross join lateral (select * from stele.events e where e.id = g.id offset 0) e
         where check_ids[g.append_nth]
         group by g.append_nth
    ), judged as materialized (
        select a.nth, a.stream, a.size, a.latest, s.ids as known_ids, s.first_position as known_position,
               s.first_version as known_version,
               case when s.known is null then
                    case a.expected when -2 then 'appended'
                                    when -1 then case when a.latest > 0 then 'appended' else 'conflict' end
                                    else case when a.latest = a.expected then 'appended' else 'conflict' end end
                    when s.known = a.size and s.same and s.first_position = s.last_append
                         and not exists (select from stele.events e where e.position = s.first_position + a.size
                                            and e.append_position = s.first_position) then 'repeated'
                    else 'id-reused' end as outcome
          from asked a left join seen s on s.append_nth = a.nth
    ), placed as materialized (
        select j.*,
               j.latest + coalesce(sum(j.size) filter (where j.outcome = 'appended') over earlier_of_stream, 0) + 1
                   as first_version,
               head + coalesce(sum(j.size) filter (where j.outcome = 'appended') over earlier, 0) + 1
                   as first_position
          from judged j
        window earlier as (order by j.nth rows between unbounded preceding and 1 preceding),
               earlier_of_stream as (partition by j.stream order by j.nth
                                     rows between unbounded preceding and 1 preceding)
    ), inserted as (
        insert into stele.events (position, append_position, version, recorded_at, occurred_at, id, causation_id,
                                  schema_version, stream, type, correlation_id, actor, traceparent, content_type,
                                  data, metadata, tags)
        select p.first_position + g.event_nth, p.first_position, p.first_version + g.event_nth, now_at, g.occurred_at,
               g.id, g.causation_id, g.schema_version, p.stream, g.type, g.correlation_id, g.actor, g.traceparent,
               g.content_type, g.data, g.metadata, string_to_array(g.tag_list, E'\x1f')
          from given g join placed p on p.nth = g.append_nth
         where p.outcome = 'appended'
    )
    select p.outcome,
           case p.outcome when 'appended' then p.first_version + p.size - 1
                          when 'repeated' then p.known_version + p.size - 1
                          else p.latest end::bigint,
           case p.outcome when 'appended' then p.first_position + p.size - 1
                          when 'repeated' then p.known_position + p.size - 1 end::bigint,
           case p.outcome when 'id-reused' then p.known_ids end
      from placed p
     order by p.nth;
end $$;

grant usage on schema stele to "${service_role}";
grant select on stele.log, stele.events, stele.events_json to "${service_role}";
grant insert on stele.events to "${service_role}";
