-- $1 names, $2 age in ms. Whether one of these was given back (and not taken) within the age. What nobody took for longer is
-- left to the rounds. Locks nothing: whoever is told yes goes and asks for it.
select exists (
    select from stele.subscriptions
     where name = any ($1::text[]) and owner is null
       and leased_until > clock_timestamp() - $2::bigint * interval '1 ms'
) as returned
