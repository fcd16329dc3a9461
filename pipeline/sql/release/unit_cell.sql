-- what: trait scores of every unit of one wave, others only (the heat map)
-- grain: one unit x trait, measures in the instrument's order
-- reader: pipeline.release
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
where
    w.wave_id = $wave_id
    and w.unit_date <= $shown_on
    and p.scope = 'unit'
    and m.measure = 'trait'
    and c.group_no = 0
order by p.scope_id, c.measure_no
