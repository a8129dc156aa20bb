-- $1 names, $2 versions, $3 medians and $4 99th percentiles in ms. Need not wait for the disk.
with unhurried as (select set_config('synchronous_commit', 'off', true))
update stele.publications p set delay_p50_ms = measured.p50, delay_p99_ms = measured.p99
  from unhurried, unnest($1::text[], $2::int[], $3::float8[], $4::float8[]) as measured(name, version, p50, p99)
 where p.name = measured.name and p.version = measured.version
   and (p.delay_p50_ms, p.delay_p99_ms) is distinct from (measured.p50, measured.p99)
