-- what: the shown trait scores of units in this wave
-- grain: one unit x trait
-- reader: pipeline.publishing.nonresponse
select
    c.scope_no,
    c.measure_no,
    c.score::double as score,
from fresh.cell as c
inner join fresh.scope as p using (scope_no)
inner join fresh.measure as m using (measure_no)
where
    c.wave_no = $wave_no
    and c.group_no = $others_group
    and c.reason_no = 0
    and p.scope = 'unit'
    and m.measure = 'trait'
order by c.measure_no, c.scope_no
