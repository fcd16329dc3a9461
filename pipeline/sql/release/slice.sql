-- what: numbers by PM type and stage, of the waves in which one unit is the whole organisation; where there are several
--       top units, none is, and its id is ''
-- grain: one wave x slice x measure, PM types before stages
-- reader: pipeline.release
with organisation as (
    select
        u.wave_no,
        case when count(*) = 1 then any_value(p.scope_id) else '' end as unit_id,
    from release.unit as u
    inner join release.scope as p using (scope_no)
    where u.parent_id = ''
    group by u.wave_no
)

select
    w.wave_id,
    p.scope,
    p.scope_id,
    c.group_no,
    m.measure,
    m.measure_id,
    c.reason_no,
    c.score::double as score,
    case when c.has_interval then c.low::double end as low,
    case when c.has_interval then c.high::double end as high,
    c.rater_count,
    c.pm_count,
    c.bound_no,
from release.cell as c
inner join release.scope as p using (scope_no)
inner join dated_wave as w using (wave_no)
inner join release.measure as m using (measure_no)
inner join organisation as o on c.wave_no = o.wave_no
where p.scope = 'slice' and o.unit_id = $unit_id and w.unit_date <= $shown_on
order by w.starts_on, w.wave_id, p.scope_id, c.measure_no
