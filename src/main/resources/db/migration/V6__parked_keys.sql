-- Parked keys: what a subscription could not handle, and what waits behind it. And the replicas that share subscriptions.

-- When a lease that nobody has became free. Those that are free for long go to whoever asks, share or not.
update stele.subscriptions set leased_until = clock_timestamp() where leased_until is null;
alter table stele.subscriptions
    alter column leased_until set default clock_timestamp(),
    alter column leased_until set not null;

create table stele.replicas (
    id         text primary key,
    seen_until timestamptz not null
);
comment on table stele.replicas is 'The replicas that asked for leases lately: each takes its share.';

create table stele.parked_keys (
    subscription text collate "C" not null references stele.subscriptions (name) on delete cascade,
    key          text collate "C" not null,
    position     bigint not null,
    event_id     uuid not null,
    stream       text collate "C" not null,
    type         text collate "C" not null,
    by_stream    boolean not null,
    retry        boolean not null default false,
    attempts     int not null default 1,
    since        timestamptz not null default clock_timestamp(),
    error        text not null,
    primary key (subscription, key)
);
create index parked_keys_to_retry on stele.parked_keys (subscription) where retry;
comment on column stele.parked_keys.position is 'The event that fails; later ones of the key wait behind it.';
comment on column stele.parked_keys.by_stream is
    'The event''s key could not be computed: the id of its stream stands for it, and all later events of the stream wait.';
comment on column stele.parked_keys.retry is 'Somebody asked to try it again; whoever runs the subscription does.';

create table stele.parked_events (
    subscription text collate "C" not null references stele.subscriptions (name) on delete cascade,
    key          text collate "C" not null,
    position     bigint not null,
    whole        boolean not null,
    primary key (subscription, key, position)
);
create index parked_events_position on stele.parked_events (subscription, position);
comment on table stele.parked_events is 'The events of parked keys, the one that fails first.';
comment on column stele.parked_events.whole is
    'Nothing of the event is handled; otherwise all is but what it does to this key.';

create table stele.skipped_events (
    nth          bigint generated always as identity primary key,
    definition   text collate "C" not null,
    subscription text collate "C" not null,
    version      int not null,
    key          text collate "C" not null,
    position     bigint not null,
    event_id     uuid not null,
    stream       text collate "C" not null,
    type         text collate "C" not null,
    whole        boolean not null,
    error        text not null,
    reason       text not null,
    skipped_at   timestamptz not null default clock_timestamp()
);
create index skipped_events_definition on stele.skipped_events (definition, nth);
create index skipped_events_subscription on stele.skipped_events (subscription, key, position);
comment on table stele.skipped_events is
    'Events that somebody decided to leave out for a key: kept for ever, also when the view or publication is gone.';
comment on column stele.skipped_events.definition is 'view/<name> or publication/<name>.';

-- Carries out what handling some events meant for parked keys. Called by the statement that also writes what was
-- handled, and only under a lease that holds; all or nothing with it.
--
--   released_keys, released_positions     parked events that are handled now, or fail anew (below)
--   failed_keys …                         keys that fail at an event, one row each; repeated, it counts an attempt
--   waiting_keys, _positions, _wholes     events that wait, the failing ones among them
--   stream_keys                           parked keys that stand for the stream of their id from now on
--
-- Keys are locked in their order, here and in retry-all-parked, or two could wait for each other.
create function stele.park(
    of_subscription text,
    released_keys text[], released_positions bigint[],
    failed_keys text[], failed_positions bigint[], failed_ids uuid[], failed_streams text[], failed_types text[],
    failed_by_stream boolean[], failed_errors text[],
    waiting_keys text[], waiting_positions bigint[], waiting_wholes boolean[], stream_keys text[]
) returns void
language plpgsql volatile
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
    delete from stele.parked_events e
     using unnest(released_keys, released_positions) as released(key, position)
     where e.subscription = of_subscription and e.key = released.key and e.position = released.position;

    insert into stele.parked_keys as k
           (subscription, key, position, event_id, stream, type, by_stream, error)
    select of_subscription, f.key, f.position, f.event_id, f.stream, f.type, f.by_stream, f.error
      from unnest(failed_keys, failed_positions, failed_ids, failed_streams, failed_types, failed_by_stream, failed_errors)
        as f(key, position, event_id, stream, type, by_stream, error)
     order by f.key
        on conflict (subscription, key) do update
       set attempts = case when k.position = excluded.position then k.attempts + 1 else 1 end,
           since = case when k.position = excluded.position then k.since else clock_timestamp() end,
           position = excluded.position, event_id = excluded.event_id, stream = excluded.stream, type = excluded.type,
           by_stream = excluded.by_stream, error = excluded.error, retry = false;

    insert into stele.parked_events (subscription, key, position, whole)
    select of_subscription, w.key, w.position, w.whole
      from unnest(waiting_keys, waiting_positions, waiting_wholes) as w(key, position, whole)
        on conflict (subscription, key, position) do nothing;

    if cardinality(stream_keys) > 0 then
        update stele.parked_keys k set by_stream = true
         where k.subscription = of_subscription and k.key = any (stream_keys);
    end if;

    if cardinality(released_keys) > 0 then
        perform from stele.parked_keys k
          where k.subscription = of_subscription and k.key = any (released_keys)
          order by k.key for update;
        delete from stele.parked_keys k
         where k.subscription = of_subscription and k.key = any (released_keys)
           and not exists (select from stele.parked_events e where e.subscription = of_subscription and e.key = k.key);
    end if;
end $$;

grant select, insert, update, delete on stele.replicas, stele.parked_keys, stele.parked_events to "${service_role}";
grant select, insert on stele.skipped_events to "${service_role}";
