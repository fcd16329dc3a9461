-- what: the shown trait scores of units in this wave, with how many PMs each is about and how many answers its unit has
-- grain: one unit x trait
-- reader: pipeline.publishing.nonresponse, pipeline.publishing.tallies
select
    c.scope_no,
    p.scope_id as unit_id,
    c.measure_no,
    c.score::double as score,
    c.pm_count,
    l.response_count,
from fresh.cell as c
inner join fresh.unit_load as l using (wave_no, scope_no)
inner join fresh.scope as p using (scope_no)
inner join fresh.measure as m using (measure_no)
where
    c.wave_no = $wave_no
    and c.group_no = $others_group
    and c.reason_no = 0
    and p.scope = 'unit'
    and m.measure = 'trait'
order by c.measure_no, unit_id
