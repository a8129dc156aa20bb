-- Until the end of the transaction, nobody else adds or removes a definition: two replicas that get the same PUT at
-- once must not both find that there is no such view. Definitions change seldom, so one lock for all of them is enough.
select pg_advisory_xact_lock(1937009765, 'stele.views'::regclass::oid::int) is null as locked
