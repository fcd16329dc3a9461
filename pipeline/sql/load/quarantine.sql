-- what: every broken rule of every row and answer; a place and a rule, never a value
-- grain: one line x part x column x rule
-- reader: pipeline.load
select
    $batch_no::integer as batch_no,
    l.line,
    l.part,
    case when r.level = 'row' then 0 else l.column_no end::usmallint as column_no,
    case when r.level = 'row' then '' else coalesce(c.name, '') end as column_name,
    r.rule_id,
    r.level,
from landed as l
inner join rule_bit as r
    on
        (r.level = 'row' and l.starts_row and (l.row_rule & r.bit) > 0)
        or (r.level = 'answer' and (l.answer_rule & r.bit) > 0)
left join column_name as c on l.column_no = c.column_no
where l.row_rule > 0 or l.answer_rule > 0
