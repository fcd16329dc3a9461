-- what: which numbers of scopes are those of units
-- grain: one unit
-- reader: pipeline.publishing.told
select scope_no,
from fresh.scope
where scope = 'unit'
