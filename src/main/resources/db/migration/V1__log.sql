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
comment on column stele.events.content_type is
    'Null: the data is JSON. Else what it is: text of this media type, or bytes where ";base64" stands behind it, as in data URLs.';
comment on column stele.events.data is
    'As it was sent: JSON in UTF-8 without insignificant white space, text in UTF-8, or bytes; null = absent.';
comment on column stele.events.tags is 'Sorted, without repeats.';

-- For people who write SQL. Slow on purpose only in that it parses: nothing of the service reads it.
create view stele.events_json as
select position, stream, version, id, type, schema_version, recorded_at, recorded_by, occurred_at,
       case when content_type is null then convert_from(data, 'UTF8')::jsonb
            when content_type not like '%;base64' then to_jsonb(convert_from(data, 'UTF8')) end as data,
       content_type,
       case when content_type like '%;base64' then data end as data_bytes,
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

-- The newest tombstone of a stream, without reading the stream.
create index events_tombstones on stele.events (stream, version) where type = '$deleted';
-- Conditions over types alone: see stele.matching_events.
create index events_type on stele.events (type, position);

-- Which events have a tag. A B-tree keeps conditions over tags flat where an index of arrays does not: adr/0008.
create table stele.tags (
    position bigint not null,
    tag      text collate "C" not null,
    primary key (tag, position)
);
comment on table stele.tags is 'One row per tag of an event; written with the event, never changed.';
create trigger tags_are_append_only
    before update or delete or truncate on stele.tags
    for each statement execute function stele.refuse_to_change_events();

-- The first positions after a position (exclusive) of events whose type is any of the types (null: whatever type) and
-- that have all of the tags (null: whatever tags); at most so many.
create function stele.matching_events(types text[], tags text[], after bigint, at_most int) returns bigint[]
language plpgsql volatile
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_variable
declare
    rarest text;
begin
    if tags is null then
        return array(select e.position
                       from unnest(types) as t(type)
                      cross join lateral (select e.position from stele.events e
                                           where e.type = t.type and e.position > after
                                           order by e.position limit at_most) e
                      order by e.position limit at_most);
    end if;
    -- The tag with the fewest events leads, so that a common one beside it costs nothing. Counting stops where it
    -- would cost more than it saves.
    if cardinality(tags) > 1 then
        select t.tag into rarest
          from unnest(tags) as t(tag)
         order by (select count(*) from (select from stele.tags c where c.tag = t.tag and c.position > after limit 1000) few)
         limit 1;
    else
        rarest := tags[1];
    end if;
    return array(select t.position from stele.tags t
                  where t.tag = rarest and t.position > after
                    and not exists (select from unnest(tags) as other(tag)
                                     where other.tag <> rarest
                                       and not exists (select from stele.tags o
                                                        where o.tag = other.tag and o.position = t.position))
                    and (types is null
                         or (select e.type from stele.events e where e.position = t.position) = any (types))
                  order by t.position limit at_most);
end $$;

-- Which appends of a batch are in the log: whole, then "repeated"; or their ids with other content, in part, or in another
-- order, then "id-reused". For the parameters and the results see stele.append_batch.
create function stele.repeats(
    check_ids boolean[], part_appends int[], streams text[], event_parts int[], ids uuid[], types text[],
    schema_versions int[], occurred timestamptz[], content_types text[], payloads bytea[], metadatas bytea[],
    tag_lists text[],
    out outcomes text[], out versions bigint[], out positions bigint[], out reused_appends int[], out reused uuid[]
)
language sql volatile
set enable_seqscan = off
begin atomic
    with given as materialized (
        select part_appends[g.part] as append, g.*,
               row_number() over (partition by part_appends[g.part] order by g.nth) - 1 as place,
               e.position, e.append_position, e.version, e.id is not null as known,
               e.stream = streams[g.part]
               and e.type = g.type
               and e.data is not distinct from g.data
               and e.metadata is not distinct from g.metadata
               and e.tags = string_to_array(g.tag_list, E'\x1f')
               and e.occurred_at is not distinct from g.occurred_at
               and e.schema_version is not distinct from g.schema_version
               and e.content_type is not distinct from g.content_type as same
          from unnest(event_parts, ids, types, schema_versions, occurred, content_types, payloads, metadatas, tag_lists)
               with ordinality
            as g(part, id, type, schema_version, occurred_at, content_type, data, metadata, tag_list, nth)
          -- "offset 0" keeps each probe an index look-up of its own, whatever the statistics say.
          left join lateral (select * from stele.events e where e.id = g.id offset 0) e on true
         where check_ids[part_appends[g.part]]
    ), seen as (
        select g.append, count(*) as size, min(g.append_position) as append_position,
               bool_and(g.known and g.same and g.position = g.append_position + g.place)
               and min(g.append_position) = max(g.append_position) as all_there
          from given g
         group by g.append
        having bool_or(g.known)
    ), judged as (
        select s.append,
               s.all_there and not exists (select from stele.events e where e.position = s.append_position + s.size
                                              and e.append_position = s.append_position) as whole
          from seen s
    )
    select array(select case when j.whole then 'repeated' when not j.whole then 'id-reused' end
                   from generate_series(1, cardinality(check_ids)) as a(nth) left join judged j on j.append = a.nth
                  order by a.nth),
           array(select max(g.version) from generate_series(1, cardinality(streams)) as p(nth)
                   left join given g on g.part = p.nth group by p.nth order by p.nth),
           array(select max(g.position) from generate_series(1, cardinality(streams)) as p(nth)
                   left join given g on g.part = p.nth group by p.nth order by p.nth),
           array(select g.append from given g join judged j on j.append = g.append
                  where g.known and not j.whole order by g.nth),
           array(select g.id from given g join judged j on j.append = g.append
                  where g.known and not j.whole order by g.nth);
end;

-- Appends a batch of appends, each all or nothing, judged one after the other in the order given.
--
-- Why a function: adr/0001. In short: the lock is taken only when all the arguments have arrived, so a replica that
-- stops in the middle of sending holds up nobody; and under READ COMMITTED every statement after the lock sees all
-- that the previous holder committed, so no check can race.
--
-- The caller sees to it that within a batch no two appends share an id, and that no append has a failIf that an
-- earlier one's event may match: everything else about its neighbours is known here.
--
-- Per append: check_ids        whether its ids may have been used before, i.e. were not made for this call
--             after            its failIf looks behind this position; null: it has none
-- Per part (a stream that an append writes to, or requires something of), those of an append together:
--             part_appends     which append, from 1
--             streams
--             earlier_parts    the last part before it with the same stream, or 0
--             expected         the version that the stream must be at, 0 = no stream; -1 exists; -2 any
--             sizes            events; 0: only required
-- Per item of a failIf, those of an append together:
--             item_appends     which append, from 1
--             item_types, item_tags   joined by U+001F, which no name contains; null: any
-- Per event, in the order of the parts:
--             event_parts      which part, from 1
--             nths             its place in the part, from 0
--             and its columns; tag_lists are joined by U+001F
-- Per tag:    tag_events       which event, from 1
--             tags
--
-- Outcomes, one per append:
--   appended    versions and positions (one per part) are those of the part's last event
--   repeated    the same of the first time
--   id-reused   reused has those of its ids that are in the log
--   deleted     deleted_parts has the parts whose stream is deleted
--   conflict    failed_parts has the parts that are not as expected; versions are what their streams are at.
--               found_items has the items of failIf that failed, once for each of found_positions;
--               a position of 0: "after" lies beyond the head, which is newest
--   unchecked   "after" is more than most_unchecked behind the head: too much to look through under the lock
-- And for the batch: newest, the head after it, and recorded_at of what it wrote.
create function stele.append_batch(
    lock_timeout_millis int, most_unchecked bigint,
    check_ids boolean[], after bigint[],
    part_appends int[], streams text[], earlier_parts int[], expected bigint[], sizes int[],
    item_appends int[], item_types text[], item_tags text[],
    event_parts int[], nths int[], ids uuid[], types text[], schema_versions int[], occurred timestamptz[],
    correlation_ids text[], causation_ids uuid[], actors text[], traceparents text[], content_types text[],
    payloads bytea[], metadatas bytea[], tag_lists text[],
    tag_events int[], tags text[],
    out outcomes text[], out versions bigint[], out positions bigint[], out deleted_parts int[],
    out failed_parts int[], out reused_appends int[], out reused uuid[], out found_items int[], out found_positions bigint[],
    out newest bigint, out recorded_at timestamptz
)
language plpgsql volatile
-- The plans are made when the table is small and kept: hold them to the indexes.
set jit = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_variable
declare
    us constant text := E'\x1f';
    -- Per part: what its stream is at; negative when that is a tombstone.
    states bigint[];
    state bigint;
    -- Per part that is written.
    append_positions bigint[];
    first_positions bigint[];
    first_versions bigint[];
    -- Of the append at hand.
    outcome text;
    append_position bigint;
    matches bigint[];
    -- How many of the parts, items and events are judged.
    part int := 0;
    item int := 0;
    event int := 0;
    first_part int;
begin
    perform set_config('lock_timeout', lock_timeout_millis::text, true),
            pg_advisory_xact_lock(1937009765, 'stele.events'::regclass::oid::int);

    -- The newest row tells the next position: rows are never removed, or a position would be used twice.
    select e.position, e.recorded_at into newest, recorded_at from stele.events e order by e.position desc limit 1;
    newest := coalesce(newest, 0);
    recorded_at := greatest(clock_timestamp(), recorded_at);

    states := array(
        select case earlier_parts[p.nth] when 0 then
                   (select case e.type when '$deleted' then -e.version else e.version end
                      from stele.events e where e.stream = streams[p.nth] order by e.version desc limit 1) end
          from generate_series(1, cardinality(streams)) as p(nth));

    if true = any (check_ids) and exists (
        select from unnest(ids) as g(id) where exists (select from stele.events e where e.id = g.id)) then
        select r.outcomes, r.versions, r.positions, r.reused_appends, r.reused
          into outcomes, versions, positions, reused_appends, reused
          from stele.repeats(check_ids, part_appends, streams, event_parts, ids, types, schema_versions, occurred,
                             content_types, payloads, metadatas, tag_lists) r;
    end if;

    positions := coalesce(positions, array_fill(null::bigint, array[cardinality(streams)]));
    for nth in 1 .. cardinality(check_ids) loop
        outcome := coalesce(outcomes[nth], 'appended');
        first_part := part + 1;
        while part_appends[part + 1] = nth loop
            part := part + 1;
            event := event + sizes[part];
            state := coalesce(states[case earlier_parts[part] when 0 then part else earlier_parts[part] end], 0);
            states[part] := state;
            continue when outcome in ('repeated', 'id-reused');
            versions[part] := greatest(state, 0);
            if state < 0 and expected[part] <> 0 and sizes[part] > 0 then
                outcome := 'deleted';
                deleted_parts := deleted_parts || part;
            elsif not (expected[part] in (-2, state) or expected[part] = -1 and state > 0
                       or expected[part] = 0 and state < 0) then
                if outcome = 'appended' then outcome := 'conflict'; end if;
                failed_parts := failed_parts || part;
            end if;
        end loop;
        while item_appends[item + 1] = nth loop
            item := item + 1;
            continue when outcome not in ('appended', 'conflict');
            if newest - after[nth] > most_unchecked then
                outcome := 'unchecked';
                continue;
            elsif after[nth] > newest then
                matches := array[0];
            else
                matches := stele.matching_events(string_to_array(item_types[item], us),
                                                 string_to_array(item_tags[item], us), after[nth], 10);
            end if;
            if cardinality(matches) > 0 then
                outcome := 'conflict';
                found_items := found_items || array_fill(item, array[cardinality(matches)]);
                found_positions := found_positions || matches;
            end if;
        end loop;
        outcomes[nth] := outcome;
        continue when outcome <> 'appended';
        append_position := newest + 1;
        for written in first_part .. part loop
            continue when sizes[written] = 0;
            append_positions[written] := append_position;
            first_positions[written] := newest + 1;
            first_versions[written] := abs(states[written]) + 1;
            newest := newest + sizes[written];
            positions[written] := newest;
            versions[written] := abs(states[written]) + sizes[written];
            states[written] := versions[written];
        end loop;
        -- A tombstone is alone in its append.
        if types[event] = '$deleted' then
            states[part] := -states[part];
        end if;
    end loop;

    -- Here and above: inside a function the arrays are taken apart once, and any element is at hand. An unnest of so many
    -- would be a scan for each of them, which costs a small batch more than all its rows.
    insert into stele.events (position, append_position, version, recorded_at, occurred_at, id, causation_id,
                              schema_version, stream, type, correlation_id, actor, traceparent, content_type,
                              data, metadata, tags)
    select first_positions[event_parts[g.nth]] + nths[g.nth], append_positions[event_parts[g.nth]],
           first_versions[event_parts[g.nth]] + nths[g.nth], recorded_at, occurred[g.nth], ids[g.nth],
           causation_ids[g.nth], schema_versions[g.nth], streams[event_parts[g.nth]], types[g.nth],
           correlation_ids[g.nth], actors[g.nth], traceparents[g.nth], content_types[g.nth], payloads[g.nth],
           metadatas[g.nth], string_to_array(tag_lists[g.nth], us)
      from generate_series(1, cardinality(ids)) as g(nth)
     where first_positions[event_parts[g.nth]] is not null;
    if cardinality(tags) > 0 then
        insert into stele.tags (tag, position)
        select t.tag, first_positions[event_parts[t.event]] + nths[t.event]
          from unnest(tags, tag_events) as t(tag, event)
         where first_positions[event_parts[t.event]] is not null;
    end if;
end $$;

grant usage on schema stele to "${service_role}";
grant select on stele.log, stele.events, stele.tags, stele.events_json to "${service_role}";
grant insert on stele.events, stele.tags to "${service_role}";
