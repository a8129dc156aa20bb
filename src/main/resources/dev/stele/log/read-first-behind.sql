-- $1 positions. When the first event behind each was recorded; no row where there is none.
select done.position, first.recorded_at
  from unnest($1::bigint[]) as done(position)
 cross join lateral (select e.recorded_at from stele.events e
                      where e.position > done.position order by e.position limit 1) first
