-- what: every shown number of others about subjects and units, of all waves; scores in millionths of a point
-- grain: one wave x subject or unit x measure
-- reader: pipeline.publishing.told
select
    c.wave_no,
    c.scope_no,
    c.measure_no,
    (c.score * 1000000)::integer as score,
    c.rater_count,
from every.cell as c
semi join fresh.scope as p on c.scope_no = p.scope_no and p.scope in ('subject', 'unit')
where c.group_no = $others_group and c.reason_no = 0
