-- what: answers in words that count
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
from landed as l
where l.row_rule = 0 and not l.is_superseded and l.answer_rule = 0 and l.reading = 3
