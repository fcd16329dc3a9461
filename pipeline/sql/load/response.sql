-- what: responses that count, each with the first line it came from
-- grain: one response of core.response
-- reader: pipeline.load
select
    $batch_no::integer as batch_no,
    $wave_no::usmallint as wave_no,
    l.subject_no,
    min(l.relationship)::utinyint as relationship,
    l.response_no,
    any_value(l.rater_no) as rater_no,
    min(l.line) as line,
    min(l.part)::utinyint as part,
    max(l.submitted_at) as submitted_at,
from landed as l
where
    l.row_rule = 0 and not l.is_superseded
    and l.response_no not in (
        select r.response_no, from core.response as r
        where r.wave_no = $wave_no
    )
group by l.response_no, l.subject_no
