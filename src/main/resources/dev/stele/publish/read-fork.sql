-- $1 name, $2 position and $3 generation of the last event that Kafka has and the log has not. No row = the fork is not known.
select gone_after, continue_from from stele.publications where name = $1 and gone_up_to = $2 and gone_generation = $3
