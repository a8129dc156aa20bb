-- $1 name, $2 where it goes on, null = from the fork. A row = there is a fork; beyond_head: the log ends before, and nothing
-- changed.
with fork as (
    select name, coalesce($2::bigint, gone_after) as wanted, gone_after,
           (select coalesce(max(position), 0) from stele.events) as head
      from stele.publications
     where name = $1 and deleted_at is null and gone_up_to is not null
), wished as (
    update stele.publications p set continue_from = fork.wanted
      from fork
     where p.name = fork.name and fork.wanted <= fork.head
)
select wanted, gone_after, head, wanted > head as beyond_head from fork
