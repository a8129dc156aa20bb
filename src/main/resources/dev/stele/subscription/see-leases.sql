-- $1 names. Each renewal writes another leased_until: what is unchanged was not renewed.
select name, epoch, owner, leased_until from stele.subscriptions where name = any ($1::text[])
