-- Until the end of the transaction, nobody else changes a definition. They change seldom: one lock for all is enough.
select pg_advisory_xact_lock(1937009765, 'stele.publications'::regclass::oid::int) is null as locked
