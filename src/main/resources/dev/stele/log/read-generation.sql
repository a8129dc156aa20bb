-- The log's generation.
select generation from stele.log
