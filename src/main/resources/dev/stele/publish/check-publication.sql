-- $1 name, $2 version, $3 subscription, $4 epoch. No row = this version must not run, or not under this lease.
select 1
  from stele.publications p join stele.subscriptions s on s.name = $3
 where p.name = $1 and p.version = $2 and not p.paused and p.deleted_at is null and s.epoch = $4
