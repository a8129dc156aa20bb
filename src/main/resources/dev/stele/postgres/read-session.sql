-- What the service relies on, as this session has it. rewritten: whether a pooler keeps prepared statements, under names of
-- its own (PgBouncer's begin so); this statement is prepared, and so among them.
select current_setting('server_encoding') as encoding, current_setting('transaction_isolation') as isolation,
       current_database() as database, current_user as role, pg_backend_pid() as pid,
       exists (select from pg_prepared_statements where name like 'PGBOUNCER\_%') as rewritten
