-- $1 view id. What it was folded from is gone. No row = there is no such version any more.
update stele.views set stale = true where id = $1
returning name, live, definition
