-- what: answers that count
-- grain: one answer of core.answer
-- reader: pipeline.load
select
    $batch_no::integer as batch_no,
    $wave_no::usmallint as wave_no,
    l.subject_no,
    l.relationship,
    l.response_no,
    l.item_no,
    l.value,
    l.reading = 2 as is_not_observed,
    l.line,
    l.column_no,
from landed as l
where l.row_rule = 0 and not l.is_superseded and l.answer_rule = 0 and l.reading in (1, 2)
