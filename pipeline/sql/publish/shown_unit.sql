-- what: the units with a shown trait score in this wave, and how many answers they rest on
-- grain: one unit
-- reader: pipeline.publishing.nonresponse
select
    p.scope_id as unit_id,
    any_value(l.response_count) as response_count,
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
group by p.scope_id
order by p.scope_id
