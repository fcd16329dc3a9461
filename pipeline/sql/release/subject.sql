-- what: who was rated, as of each wave
-- grain: one subject x wave
-- reader: pipeline.release
select
    w.wave_id,
    p.scope_id as subject_id,
    s.kind,
    s.name,
    s.unit_id,
    s.level,
    s.pm_type,
    s.stage,
from release.subject as s
inner join release.wave as w using (wave_no)
inner join release.scope as p using (scope_no)
order by w.starts_on, w.wave_id, p.scope_id
