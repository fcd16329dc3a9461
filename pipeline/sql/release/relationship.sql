-- what: numbers by relationship of one product group or of the organisation
-- grain: one wave x relationship x measure
-- reader: pipeline.release
select
    w.wave_id,
    p.scope,
    p.scope_id,
    split_part(p.scope_id, '/', 1) as relationship,
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
    p.scope = 'relationship'
    and array_to_string(string_split(p.scope_id, '/')[2:], '/') = $unit_id
    and w.unit_date <= $shown_on
order by w.starts_on, w.wave_id, p.scope_id, c.measure_no
