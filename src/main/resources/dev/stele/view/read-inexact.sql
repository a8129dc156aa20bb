-- $1 view id. A row = why it must not be updated any more.
select inexact from stele.views where id = $1 and inexact is not null
