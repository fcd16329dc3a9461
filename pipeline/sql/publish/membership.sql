-- what: how many people, in the group others, answered about each subject of a wave: those who stay unknown, and those
--       who may open a page with the number; the rest of a unit that closing formed is no subject here
-- grain: one subject with at least one rater
-- reader: pipeline.publishing
with known as (
    select
        subject_no,
        count(*) as known_count,
    from stage.known_rater
    group by subject_no
)

select
    m.subject_no,
    s.subject_id,
    coalesce(max(k.known_count), 0)::integer as known_count,
    (sum(m.rater_count) - coalesce(max(k.known_count), 0))::integer as rater_count,
from mart.member as m
inner join core.subject as s using (subject_no)
left join known as k using (subject_no)
where m.wave_no = $wave_no and m.relationship not in ($self, $manager) and s.kind <> $rest_kind
group by m.subject_no, s.subject_id
order by m.subject_no
