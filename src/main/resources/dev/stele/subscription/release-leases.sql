-- $1 owner. The epoch stays: whoever comes next raises it.
update stele.subscriptions set owner = null, leased_until = null where owner = $1
