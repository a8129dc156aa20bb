-- $1 name, $2 version, $3 subscription, $4 epoch, $5 and $6 positions between which (exclusive, inclusive) Kafka has events that
-- the log has not, $7 the generation in which the last of them was seen. Where an operator had it go on from another fork
-- counts no more. No row = this version must not run, or not under this lease.
update stele.publications p
   set gone_after = $5, gone_up_to = $6, gone_generation = $7,
       continue_from = case when (p.gone_up_to, p.gone_generation) = ($6, $7) then p.continue_from end
  from stele.subscriptions s
 where p.name = $1 and p.version = $2 and s.name = $3 and s.epoch = $4
returning p.continue_from
