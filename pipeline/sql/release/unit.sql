-- what: the tree of units, as of each wave
-- grain: one unit x wave
-- reader: pipeline.release
select
    w.wave_id,
    p.scope_id as unit_id,
    u.parent_id,
    u.name,
from release.unit as u
inner join release.wave as w using (wave_no)
inner join release.scope as p using (scope_no)
order by w.starts_on, w.wave_id, p.scope_id
