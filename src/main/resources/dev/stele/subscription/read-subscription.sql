-- $1 name. An owner whose lease has run out is none.
select position, error, error_since, case when leased_until > clock_timestamp() then owner end as owner
  from stele.subscriptions where name = $1
