-- what: received answers with pseudonyms and with every broken rule as a bit mask
--       (a row rule marks every line of its row)
-- grain: one received answer
-- reader: pipeline.validate, load/*
select
    a.line,
    a.part,
    a.starts_row,
    a.column_no,
    a.is_wave,
    a.subject_match,
    a.subject_no,
    a.relationship,
    case when a.rater is not null then p.party_no end as rater_no,
    hash(p.party_no, a.subject_no) as response_no,
    a.item_no,
    a.scale_no,
    a.reading,
    a.value,
    a.words,
    a.submitted_at,
    broken_row(true, a.is_wave, a.subject_match, a.relationship)::usmallint as row_rule,
    broken_answer(a.item_no, a.scale_no, a.reading, a.value)::usmallint as answer_rule,
    false as is_superseded,
from arrived as a
left join party as p on coalesce(a.rater, a.response) = p.party
