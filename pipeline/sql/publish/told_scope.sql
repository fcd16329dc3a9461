-- what: the subjects and units of all waves, each with its row in a grid
-- grain: one subject or unit
-- reader: publish/told, pipeline.publishing.told
select
    scope_no,
    scope = 'unit' as is_unit,
    row_number() over (order by scope_no) - 1 as place,
from fresh.scope
where scope in ('subject', 'unit')
