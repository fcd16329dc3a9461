-- what: received answers with subjects, relationships and items as numbers; raters still as they came
-- grain: one received answer
-- reader: load/party, load/landed (a temporary table in memory, gone when the load ends)
select
    r.line,
    r.part,
    r.starts_row,
    r.column_no,
    coalesce(r.wave = $wave_id or lower(trim(r.wave)) in (lower($wave_id), lower($period)), true) as is_wave,
    coalesce(s.subject_match, 0)::utinyint as subject_match,
    s.subject_no,
    case when coalesce(trim(r.relationship), '') = '' then $other_relationship::utinyint else l.relationship end
        as relationship,
    nullif(trim(r.rater), '') as rater,
    nullif(trim(r.response), '') as response,
    i.item_no,
    i.scale_no,
    case
        when coalesce(trim(r.value), '') = '' then 0
        when r.value = 'not_observed' then 2
        when i.scale_no = 0 or i.item_no is null then 3
        when try_cast(r.value as decimal(9, 6)) is not null then 1
        else 4
    end::utinyint as reading,
    case when i.scale_no > 0 then try_cast(r.value as decimal(9, 6)) end as value,
    case when i.scale_no = 0 then r.value end as words,
    try_cast(r.submitted_at as timestamp) as submitted_at,
from received as r
left join subject_key as s on lower(trim(r.subject)) = s.name
left join relationship_key as l on lower(trim(r.relationship)) = l.name
left join item_key as i on trim(r.item) = i.name
