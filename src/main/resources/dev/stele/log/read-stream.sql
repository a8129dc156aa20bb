-- $1 stream. No row = no stream. Index probes: its last event, its newest tombstone, and the first event behind that.
select latest.version,
       latest.recorded_at as last_appended_at,
       latest.type = '$deleted' as deleted,
       case latest.type when '$deleted' then convert_from(latest.data, 'UTF8')::json ->> 'reason' end as reason,
       oldest.version as first_version,
       oldest.recorded_at as created_at
  from (select * from stele.events where stream = $1 order by version desc limit 1) latest
  left join lateral (
       select e.version, e.recorded_at
         from stele.events e
        where e.stream = $1
          and e.version > coalesce((select t.version from stele.events t where t.stream = $1 and t.type = '$deleted'
                                     order by t.version desc limit 1), 0)
        order by e.version limit 1) oldest on true
