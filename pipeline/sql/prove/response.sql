-- what: who stood in which block of which release, up to one; without what they answered
-- grain: one response x release
-- reader: pipeline.prove
select
    m.wave_no,
    w.wave_id,
    m.release_no,
    m.block_no,
    m.subject_no,
    s.subject_id,
    m.response_no,
    m.content_no::varchar as content_no,
    m.rater_no as rater,
    coalesce(r.relationship, 0)::integer as relationship,
from core.published_member as m
inner join core.wave as w using (wave_no)
inner join core.subject as s using (subject_no)
left join core.response as r
    on m.wave_no = r.wave_no and m.subject_no = r.subject_no and m.response_no = r.response_no
where m.release_no <= $release_no
order by m.wave_no, m.release_no, m.block_no, m.subject_no, m.response_no
