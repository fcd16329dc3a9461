-- what: responses and people behind each subject and unit in the waves that changes are judged from
-- grain: one subject or unit x wave
-- reader: pipeline.publishing.courses
select
    c.scope_no,
    p.scope = 'unit' as is_unit,
    w.course_place,
    coalesce(any_value(l.response_count), max(c.rater_count))::double as response_count,
    coalesce(any_value(l.people_count), max(c.rater_count))::double as people_count,
from every.cell as c
inner join stage.course_wave as w using (wave_no)
inner join fresh.scope as p using (scope_no)
left join every.unit_load as l on c.scope_no = l.scope_no and c.wave_no = l.wave_no
where c.group_no = $others_group and c.has_interval
group by c.scope_no, p.scope, w.course_place
