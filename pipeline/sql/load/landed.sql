-- what: received answers with subjects, relationships, items and raters as numbers, and with every broken rule as a
--       bit mask (a row rule marks every line of its row). A text that is no key as it stands is tried again in lower
--       case without outer blanks; case keeps that work to the few that need it
-- grain: one received answer
-- reader: pipeline.validate, load/* (a temporary table in memory, gone when the load ends)
with known as (
    select
        r.line,
        r.part,
        r.starts_row,
        r.column_no,
        coalesce(
            case
                when r.wave in ($wave_id, $period) then true
                else lower(trim(r.wave)) in ('', lower($wave_id), lower($period))
            end,
            true
        ) as is_wave,
        coalesce(s.subject_match, s2.subject_match, 0)::utinyint as subject_match,
        coalesce(s.subject_no, s2.subject_no) as subject_no,
        coalesce(l.relationship, l2.relationship) as relationship,
        case when r.rater is not null then p.party_no end as rater_no,
        hash(p.party_no, coalesce(s.subject_no, s2.subject_no)) as response_no,
        i.item_no,
        i.scale_no,
        case
            when r.value is null then 0
            when r.value = 'not_observed' then 2
            when i.scale_no = 0 or i.item_no is null then 3
            when try_cast(r.value as decimal(9, 6)) is not null then 1
            else 4
        end::utinyint as reading,
        case when i.scale_no > 0 then try_cast(r.value as decimal(9, 6)) end as value,
        case when i.scale_no = 0 then r.value end as words,
        try_cast(r.submitted_at as timestamp) as submitted_at,
    from received as r
    left join subject_key as s on r.subject = s.name
    left join subject_key as s2 on case when s.name is null then lower(trim(r.subject)) end = s2.name
    left join relationship_key as l on r.relationship = l.name
    left join relationship_key as l2
        on case when l.name is null then lower(trim(coalesce(r.relationship, ''))) end = l2.name
    left join item_key as i on r.item = i.name
    left join party as p on coalesce(r.rater, r.response) = p.party
)

select
    *,
    broken_row(true, is_wave, subject_match, relationship)::uinteger as row_rule,
    broken_answer(item_no, scale_no, reading, value)::uinteger as answer_rule,
    false as is_superseded,
from known
