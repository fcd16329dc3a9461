-- what: judged changes of every unit up to one wave (the heat map)
-- grain: one unit x trait x kind
-- reader: pipeline.release
select
    p.scope_id,
    m.measure_id as trait_id,
    w.wave_id,
    d.kind_no,
    f.wave_id as since_wave_id,
    d.points::double as points,
    d.low::double as low,
    d.high::double as high,
    d.needed_points::double as needed_points,
    d.verdict_no,
from derived_change as d
inner join dated_wave as w using (wave_no)
inner join release.scope as p using (scope_no)
inner join release.measure as m using (measure_no)
inner join release.wave as f on d.since_wave_no = f.wave_no
where p.scope = 'unit' and w.wave_id = $wave_id and w.unit_date <= $shown_on
order by p.scope_id, d.measure_no, d.kind_no
