-- what: the numbers under which a release keeps its units
-- grain: one unit
-- reader: pipeline.release
select
    scope_id,
    scope_no,
from release.scope
where scope = 'unit'
