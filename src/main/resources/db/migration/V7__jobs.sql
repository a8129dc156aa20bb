-- Jobs: what takes longer than a request, and what anybody may follow from any replica. And what the last check of each
-- version of a view came to.

create table stele.jobs (
    id         uuid primary key,
    started_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    ended_at   timestamptz,
    progress   double precision not null default 0,
    kind       text collate "C" not null,
    subject    text collate "C" not null,
    state      text not null default 'running' check (state in ('running', 'done', 'failed')),
    owner      text not null,
    because    text,
    result     json
);
-- One of a kind at a time for each thing.
create unique index jobs_running on stele.jobs (kind, subject) where state = 'running';
comment on column stele.jobs.subject is 'What it is about, e.g. the name of a view.';
comment on column stele.jobs.updated_at is 'When its owner said last that it goes on, by the database''s clock.';
comment on column stele.jobs.because is 'Why it failed.';
comment on column stele.jobs.result is 'What it found: an object.';

alter table stele.views
    add column verified_at timestamptz,
    add column verified_keys bigint,
    add column different_keys bigint;
comment on column stele.views.verified_at is 'When entries of the version were last compared with their fold from the log.';
comment on column stele.views.different_keys is 'How many of the verified keys had another entry than their fold.';

grant select, insert, update, delete on stele.jobs to "${service_role}";
