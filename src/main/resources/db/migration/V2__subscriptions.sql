-- Subscriptions: the endless ordered readers of the log. The row holds the checkpoint and the lease.

create table stele.subscriptions (
    name         text collate "C" primary key,
    position     bigint not null,
    epoch        bigint not null default 0,
    owner        text,
    leased_until timestamptz,
    error        text,
    error_since  timestamptz
);

comment on column stele.subscriptions.position is 'The checkpoint: everything at or below it is handled.';
comment on column stele.subscriptions.epoch is
    'Rises with every new lease; a write that carries an older one has lost its right and must change nothing.';
comment on column stele.subscriptions.leased_until is 'By the database''s clock, the only one that counts.';
comment on column stele.subscriptions.error is 'Why it does not move, since error_since; null while it does.';

grant select, insert, update, delete on stele.subscriptions to "${service_role}";
