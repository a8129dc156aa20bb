-- $1 subscription, $2 definition, $3 version, $4 key, $5 position, $6 reason. Leaves one event out for one key, keeps that
-- it was for ever, and has what waited behind it tried. No row = the key is not parked. skipped is false when another
-- event is the parked one, when a retry of it is still to come (it may be handled at this moment), and when the
-- subscription may yet forget that it is parked, because its own checkpoint has not passed it. The event itself decides:
-- whoever waited here for a retry that failed again sees the key as it is, and the event, parked anew, not at all.
-- "For ever" begins on the disk, whatever the database's default is.
with durable as materialized (
    select set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
), parked as materialized (
    select k.*, k.position = $5 and not k.retry and s.position >= k.position as skippable
      from stele.parked_keys k join stele.subscriptions s on s.name = k.subscription cross join durable
     where k.subscription = $1 and k.key = $4
       for update of k
), removed as (
    delete from stele.parked_events e using parked p
     where p.skippable and e.subscription = p.subscription and e.key = p.key and e.position = p.position
    returning e.whole
), kept as (
    insert into stele.skipped_events
           (definition, subscription, version, key, position, event_id, stream, type, whole, error, reason)
    select $2, p.subscription, $3, p.key, p.position, p.event_id, p.stream, p.type, r.whole, p.error, $6
      from parked p cross join removed r
), retried as (
    update stele.parked_keys k set retry = true from parked p cross join removed
     where k.subscription = p.subscription and k.key = p.key
)
select position, retry, exists (select from removed) as skipped from parked
