-- $1 view id. A row = it must not be updated any more: inexact says why, or the log was put back.
select inexact from stele.views where id = $1 and (inexact is not null or stale)
