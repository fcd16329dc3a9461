-- what: every number about one subject or unit, released or suppressed
-- grain: one wave x group x measure, waves by their first day, measures in the instrument's order
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
where p.scope = $scope and p.scope_id = $scope_id and w.unit_date <= $shown_on
order by w.starts_on, w.wave_id, c.group_no, c.measure_no
