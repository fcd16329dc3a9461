-- what: the pseudonyms of the raters of subjects that have too few unknown ones for a block of their own
-- grain: one subject x rater
-- reader: pipeline.publishing.blocks
with known as (
    select
        subject_no,
        count(*) as known_count,
    from stage.known_rater
    group by subject_no
),

few as (
    select m.subject_no,
    from mart.member as m
    left join known as k using (subject_no)
    where m.wave_no = $wave_no and m.relationship not in ($self, $manager)
    group by m.subject_no
    having sum(m.rater_count) - coalesce(max(k.known_count), 0) < $min_raters
),

answered as (
    select distinct a.response_no,
    from core.answer as a
    semi join few using (subject_no)
    where a.wave_no = $wave_no
)

select distinct
    r.subject_no,
    r.rater_no,
    k.rater_no is not null as is_known,
from core.response as r
semi join answered using (response_no)
left join stage.known_rater as k on r.subject_no = k.subject_no and r.rater_no = k.rater_no
where r.wave_no = $wave_no and r.relationship not in ($self, $manager) and r.rater_no is not null
order by r.subject_no, r.rater_no
