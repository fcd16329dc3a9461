-- what: the units that have numbers by relationship: product groups, or the organisation
-- grain: one unit
-- reader: pipeline.release
select distinct scope_id[len(split_part(scope_id, '/', 1)) + 2:] as unit_id,
from release.scope
where scope = 'relationship'
