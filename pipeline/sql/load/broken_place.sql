-- what: where each broken rule is broken, the first ten lines and columns; never a value
-- grain: one broken rule
-- reader: pipeline.load
with b as (
    select
        r.rule_id,
        l.line,
        case when r.level = 'answer' then l.column_no end as column_no,
    from landed as l
    inner join rule_bit as r
        on
            (r.level = 'row' and l.starts_row and (l.row_rule & r.bit) > 0)
            or (r.level = 'answer' and (l.answer_rule & r.bit) > 0)
    where l.row_rule > 0 or l.answer_rule > 0
)

select
    rule_id,
    list_sort(list(distinct line))[:10] as lines,
    coalesce(list_sort(list(distinct column_no) filter (where column_no > 0))[:10], []) as column_numbers,
from b
group by rule_id
