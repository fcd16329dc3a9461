-- what: lines of rows that a later row of the same rater about the same subject replaces, for files with one
--       response per row
-- grain: one line of landed, by its row id
-- reader: pipeline.load
with loser as (
    select
        line,
        part,
    from landed
    where starts_row and row_rule = 0
    qualify
        row_number() over (
            partition by response_no
            order by submitted_at desc nulls last, line desc
        ) > 1
)

select l.rowid as row_no,
from landed as l
semi join loser on l.line = loser.line and l.part = loser.part
