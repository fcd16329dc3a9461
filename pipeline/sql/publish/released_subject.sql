-- what: the subjects of this wave
-- grain: one subject
-- reader: release.subject
select
    $wave_no::usmallint as wave_no,
    scope_no,
    $kind::varchar as kind,
    name,
    unit_id,
    level,
    pm_type,
    stage,
from stage.roster
order by subject_id
