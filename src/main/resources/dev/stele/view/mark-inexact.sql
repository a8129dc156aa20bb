-- $1 view id, $2 why. The first reason stays.
update stele.views set inexact = coalesce(inexact, $2) where id = $1
