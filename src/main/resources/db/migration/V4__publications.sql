-- Publications: their definitions, one row per name for ever. Subscription publication/<name> says how far each is.

create table stele.publications (
    name          text collate "C" primary key,
    version       int not null,
    begun_version int not null,
    paused        boolean not null default false,
    deleted_at    timestamptz,
    delay_p50_ms  double precision,
    delay_p99_ms  double precision,
    definition    text
);
comment on column stele.publications.version is
    'Rises with every change and never goes back, so that Kafka''s checkpoints tell which version wrote them.';
comment on column stele.publications.begun_version is
    'The version that began anew at a position: checkpoints that older ones left in Kafka mean nothing any more.';
comment on column stele.publications.deleted_at is 'A name that is used again goes on counting versions.';
comment on column stele.publications.delay_p50_ms is 'From the recording of an event to the broker''s answer, as its owner measured last.';
comment on column stele.publications.definition is 'JSON as it was sent, without insignificant white space; null: built in.';

insert into stele.publications (name, version, begun_version) values ('events', 1, 1);
insert into stele.subscriptions (name, position) values ('publication/events', 0) on conflict (name) do nothing;

grant select, insert, update on stele.publications to "${service_role}";
