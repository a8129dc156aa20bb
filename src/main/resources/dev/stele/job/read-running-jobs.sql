select id, updated_at from stele.jobs where state = 'running'
