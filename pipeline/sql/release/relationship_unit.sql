-- what: the units that have numbers by relationship: product groups, or the organisation
-- grain: one unit
-- reader: pipeline.release
select distinct array_to_string(string_split(scope_id, '/')[2:], '/') as unit_id,
from release.scope
where scope = 'relationship'
