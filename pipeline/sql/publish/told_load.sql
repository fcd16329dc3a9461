-- what: responses and people behind each unit, of all waves
-- grain: one wave x unit
-- reader: pipeline.publishing.told
select
    l.wave_no,
    p.place,
    l.response_count::double as response_count,
    l.people_count::double as people_count,
from every.unit_load as l
inner join stage.told_scope as p using (scope_no)
