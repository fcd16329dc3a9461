-- what: how many people, in the group others, answered about each subject of a wave
-- grain: one subject with at least one rater
-- reader: pipeline.publishing
select
    m.subject_no,
    s.subject_id,
    sum(m.rater_count)::integer as rater_count,
from mart.member as m
inner join core.subject as s using (subject_no)
where m.wave_no = $wave_no and m.relationship not in ($self, $manager)
group by m.subject_no, s.subject_id
order by m.subject_no
