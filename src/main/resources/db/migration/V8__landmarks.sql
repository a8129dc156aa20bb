-- What subscriptions remember of the log, so that they notice when it was put back to an earlier state.

alter table stele.subscriptions
    add column last_position   bigint,
    add column last_id         uuid,
    add column last_generation int;
comment on column stele.subscriptions.last_position is
    'The position that last_id and last_generation belong to; they count only as long as it is the checkpoint.';
comment on column stele.subscriptions.last_id is
    'The event at the checkpoint, whether it concerned the subscription or not: another one there, or none, tells that the log was put back.';
comment on column stele.subscriptions.last_generation is 'A generation of the log in which the event was seen there.';

update stele.subscriptions s
   set last_position = e.position, last_id = e.id, last_generation = l.generation
  from stele.events e, stele.log l
 where e.position = s.position;

alter table stele.views add column stale boolean not null default false;
comment on column stele.views.stale is
    'Its entries were folded from events that are gone: nobody updates it any more, and another version is built beside it.';

alter table stele.publications
    add column gone_after      bigint,
    add column gone_up_to      bigint,
    add column gone_generation int,
    add column continue_from   bigint;
comment on column stele.publications.gone_after is
    'Kafka has events behind it, up to gone_up_to, that the log no longer has; it is the last one that both have.';
comment on column stele.publications.gone_generation is 'The generation of the log in which the last of them was seen.';
comment on column stele.publications.continue_from is 'Where an operator had it go on (exclusive); null = nobody said so yet.';

-- Whoever notices that the log was put back raises its generation.
grant update (generation) on stele.log to "${service_role}";
