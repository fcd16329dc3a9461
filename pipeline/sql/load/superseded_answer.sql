-- what: rows that a later row replaces, for files with one answer per row: only the latest submission of a
--       response counts, and of an item answered twice in it the later line
-- grain: one line of landed, by its row id
-- reader: pipeline.load
with repeated as (
    select response_no,
    from landed
    where row_rule = 0
    group by response_no
    having
        count(*) > bit_count(bit_or(1::hugeint << (coalesce(item_no, 0) % 127)))
        or min(submitted_at) is distinct from max(submitted_at)
        or count(submitted_at) not in (0, count(*))
),

latest as (
    select
        response_no,
        max(submitted_at) as submitted_at,
    from landed
    inner join repeated using (response_no)
    where row_rule = 0
    group by response_no
)

select landed.rowid as row_no,
from landed
inner join latest using (response_no)
where landed.row_rule = 0
qualify
    landed.submitted_at is distinct from latest.submitted_at
    or (
        landed.item_no is not null
        and row_number() over (
            partition by landed.response_no, landed.item_no, landed.submitted_at
            order by landed.line desc
        ) > 1
    )
