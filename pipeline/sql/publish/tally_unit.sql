-- what: the units whose number of a trait is shown in this wave, and how many PMs it is about
-- grain: one unit x trait
-- reader: pipeline.publishing.tallies
select
    c.measure_no,
    p.scope_id as unit_id,
    c.pm_count,
from fresh.cell as c
inner join fresh.scope as p using (scope_no)
inner join fresh.measure as m using (measure_no)
where
    c.wave_no = $wave_no
    and c.group_no = $others_group
    and c.reason_no = 0
    and p.scope = 'unit'
    and m.measure = 'trait'
order by c.measure_no, unit_id
