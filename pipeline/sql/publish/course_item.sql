-- what: item means of others in the waves that changes are judged from, about whoever has one in this wave
-- grain: one subject or unit x item x wave
-- reader: pipeline.publishing.courses
with current as (
    select distinct c.scope_no,
    from every.cell as c
    semi join fresh.scope as p on c.scope_no = p.scope_no and p.scope in ('subject', 'unit')
    where c.wave_no = $wave_no and c.group_no = $others_group and c.reason_no = 0
)

select
    c.scope_no,
    i.trait_no,
    c.measure_no,
    w.course_place,
    c.score::double as score,
    c.rater_count::double as rating_count,
from every.cell as c
inner join stage.course_wave as w using (wave_no)
semi join current using (scope_no)
inner join stage.wave_item as i on c.wave_no = i.wave_no and c.measure_no = i.measure_no
where c.group_no = $others_group and c.reason_no = 0 and not i.is_event
