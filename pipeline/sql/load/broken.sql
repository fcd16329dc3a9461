-- what: how often each rule was broken, for Great Expectations to confirm
-- grain: one rule
-- reader: pipeline.load
with l as (
    select *, from landed
    where row_rule > 0 or answer_rule > 0
)

select
    r.rule_id,
    count(l.line) as broken_count,
from rule_bit as r
left join l
    on
        (r.level = 'row' and l.starts_row and (l.row_rule & r.bit) > 0)
        or (r.level = 'answer' and (l.answer_rule & r.bit) > 0)
group by r.rule_id
