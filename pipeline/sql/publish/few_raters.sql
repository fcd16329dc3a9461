-- what: the pseudonyms of the raters of subjects that have too few for a block of their own
-- grain: one subject x rater
-- reader: pipeline.publishing.blocks
with few as (
    select subject_no,
    from mart.member
    where wave_no = $wave_no and relationship not in ($self, $manager)
    group by subject_no
    having sum(rater_count) < $min_raters
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
from core.response as r
semi join answered using (response_no)
where r.wave_no = $wave_no and r.relationship not in ($self, $manager) and r.rater_no is not null
order by r.subject_no, r.rater_no
