-- what: who answered about whom, without what; a response without a single answer does not count
-- grain: one wave x subject x relationship
-- reader: pipeline.publish
with answered as (
    select distinct response_no,
    from core.answer
    where wave_no = $wave_no
)

select
    $wave_no::usmallint as wave_no,
    r.subject_no,
    r.relationship,
    count(*)::integer as response_count,
    count(distinct coalesce(r.rater_no, r.response_no))::integer as rater_count,
from core.response as r
semi join answered as a on r.response_no = a.response_no
where r.wave_no = $wave_no
group by r.subject_no, r.relationship
