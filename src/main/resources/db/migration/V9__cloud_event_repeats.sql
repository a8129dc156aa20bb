-- A CloudEvent that is sent again is the same one whatever its extension attributes are: brokers write traceparent,
-- sequence and the like anew at each attempt. The first ones are kept.

-- The attributes of an event that came in as a CloudEvent by which it is known again, of those that have no columns: its
-- own id, source, subject, dataschema, and the media type and charset of its data. Null: it came in as something else.
--
-- A type of data that nobody named is JSON, a charset that nobody named UTF-8: so they are read. Values of other
-- parameters are cut out before a charset is looked for, since one in quotes may hold anything.
create function stele.cloud_event_identity(metadata bytea, content_type text) returns text[]
language sql immutable
begin atomic
    select array[e.own ->> 'id', e.own ->> 'source', e.own ->> 'subject', e.own ->> 'dataschema',
                 lower(btrim(split_part(t.plain, ';', 1), E' \t')),
                 coalesce(lower((regexp_match(t.plain, ';[ \t]*charset=([^; \t]+)', 'i'))[1]), 'utf-8'),
                 (content_type like '%;base64')::text]
      from (select case when substr(metadata, 1, 15) = '\x7b2224636c6f75646576656e74223a'
                        then convert_from(metadata, 'UTF8')::jsonb -> '$cloudevent' end as own) e
     cross join lateral (
        select regexp_replace(
                   regexp_replace(
                       coalesce(regexp_replace(content_type, ';base64$', ''), e.own ->> 'datacontenttype', 'application/json'),
                       '(;[ \t]*charset=)"([^"\\; \t]+)"', '\1\2', 'gi'),
                   '"([^"\\]|\\.)*"', '', 'g') as plain) t
     where e.own is not null;
end;

-- As before (V1), but for what makes two CloudEvents the same: what differs between an append and a repeat that is one
-- is looked into only there.
create or replace function stele.repeats(
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
               e.id is not null
               and e.stream = streams[g.part]
               and e.type = g.type
               and e.data is not distinct from g.data
               and e.tags = string_to_array(g.tag_list, E'\x1f')
               and e.occurred_at is not distinct from g.occurred_at
               and (e.metadata is not distinct from g.metadata
                    and e.schema_version is not distinct from g.schema_version
                    and e.content_type is not distinct from g.content_type
                    or coalesce(stele.cloud_event_identity(e.metadata, e.content_type)
                                = stele.cloud_event_identity(g.metadata, g.content_type), false)) as same
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
