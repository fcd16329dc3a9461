-- what: responses and people behind each unit, of all waves
-- grain: one wave x unit
-- reader: pipeline.publishing.told
select
    l.wave_no,
    l.scope_no,
    l.response_count::double as response_count,
    l.people_count::double as people_count,
from every.unit_load as l
semi join fresh.scope as p on l.scope_no = p.scope_no and p.scope = 'unit'
