-- $1 owner, $2 ids, $3 their progress. What is not returned was given up meanwhile.
update stele.jobs j set updated_at = clock_timestamp(), progress = r.progress
  from unnest($2::uuid[], $3::double precision[]) as r(id, progress)
 where j.id = r.id and j.owner = $1 and j.state = 'running'
returning j.id
