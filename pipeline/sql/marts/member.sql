-- what: who answered about whom, without what; a response without a single answer does not count
-- grain: one wave x subject x group (self, manager, other)
-- reader: pipeline.publish
with answered as (
    select distinct response_no,
    from core.answer
    where wave_no = $wave_no
),

response as (
    select
        r.subject_no,
        r.response_no,
        r.rater_no,
        case when r.relationship in ($self, $manager) then r.relationship else $other end as relationship,
    from core.response as r
    semi join answered as a on r.response_no = a.response_no
    where r.wave_no = $wave_no
)

select
    $wave_no::usmallint as wave_no,
    subject_no,
    relationship::utinyint as relationship,
    count(*)::integer as response_count,
    count(distinct coalesce(rater_no, response_no))::integer as rater_count,
from response
group by subject_no, relationship
