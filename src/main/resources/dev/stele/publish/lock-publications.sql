-- Until the end of the transaction, nobody else changes a definition. They change seldom: one lock for all is enough.
-- What the transaction writes is on the disk when it is answered, whatever the database's default is: a version that is lost
-- would be given again, and Kafka's checkpoints would tell of another definition.
select pg_advisory_xact_lock(1937009765, 'stele.publications'::regclass::oid::int) is null as locked,
       set_config('synchronous_commit',
                  case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
