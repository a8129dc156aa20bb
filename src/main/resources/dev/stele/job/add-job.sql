-- $1 id, $2 kind, $3 subject, $4 owner. No row = one of that kind runs for that subject already.
insert into stele.jobs (id, kind, subject, owner) values ($1, $2, $3, $4)
    on conflict (kind, subject) where state = 'running' do nothing
returning id, kind, subject, state, progress, started_at, ended_at, because, result::text as result,
       extract(epoch from clock_timestamp() - started_at)::double precision as seconds
