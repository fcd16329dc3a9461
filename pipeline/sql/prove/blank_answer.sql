-- what: which responses have an answer, without any: one blank stands for all of a response
-- grain: one response with at least one answer
-- reader: pipeline.replay
select
    min(batch_no) as batch_no,
    wave_no,
    subject_no,
    relationship,
    response_no,
    min(item_no) as item_no,
    null::decimal(9, 6) as value,
    false as is_not_observed,
    0 as line,
    0::usmallint as column_no,
from core.answer
group by wave_no, subject_no, relationship, response_no
order by wave_no, subject_no, response_no
