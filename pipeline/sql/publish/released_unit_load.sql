-- what: the responses and people behind the units of this wave
-- grain: one unit
-- reader: release.unit_load
select
    wave_no,
    scope_no,
    response_count,
    people_count,
from stage.unit_load
order by scope_no
