-- what: answers in words that count, with the name that a rater put under one on purpose
-- grain: one comment of core.comment
-- reader: pipeline.load
select
    $batch_no::integer as batch_no,
    $wave_no::usmallint as wave_no,
    l.subject_no,
    l.relationship,
    l.response_no,
    l.item_no,
    l.words as text,
    l.line,
    l.column_no,
    coalesce(s.signed_by, '') as signed_by,
from landed as l
left join signature as s on l.line = s.line and l.column_no = s.column_no
where l.row_rule = 0 and not l.is_superseded and l.answer_rule = 0 and l.reading = 3
