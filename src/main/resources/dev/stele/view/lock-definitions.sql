-- Until the end of the transaction, nobody else adds or removes a definition: two replicas that get the same PUT at
-- once must not both find that there is no such view. Definitions change seldom, so one lock for all of them is enough.
-- What the transaction writes is on the disk when it is answered, whatever the database's default is.
select pg_advisory_xact_lock(1937009765, 'stele.views'::regclass::oid::int) is null as locked,
       set_config('synchronous_commit',
                  case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
