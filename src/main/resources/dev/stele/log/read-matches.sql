-- $1 and $2 types and tags of the items of a failIf, joined by U+001F, null = any; $3 after (exclusive), $4 most positions.
-- A row for each match, or one without for an item that has none; head: nothing else matches up to there.
select i.nth, m.position, (select coalesce(max(e.position), 0) from stele.events e) as head
  from unnest($1::text[], $2::text[]) with ordinality as i(types, tags, nth)
  left join lateral unnest(stele.matching_events(string_to_array(i.types, E'\x1f'), string_to_array(i.tags, E'\x1f'),
                                                 $3, $4)) as m(position) on true
 order by i.nth, m.position
