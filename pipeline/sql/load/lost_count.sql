-- what: how much each other file of the wave loses to this one
-- grain: one batch
-- reader: pipeline.load
with lost as (
    select batch_no, from lost_answer
    union all
    select batch_no, from lost_comment
),

answer as (
    select
        batch_no,
        count(*) as answer_count,
    from lost
    group by batch_no
),

response as (
    select
        batch_no,
        count(*) as response_count,
    from lost_response
    group by batch_no
)

select
    b.batch_no,
    coalesce(a.answer_count, 0) as answer_count,
    case when b.is_long then coalesce(a.answer_count, 0) else coalesce(r.response_count, 0) end as row_count,
from raw.batch as b
left join answer as a on b.batch_no = a.batch_no
left join response as r on b.batch_no = r.batch_no
where a.batch_no is not null or r.batch_no is not null
