-- what: comments of other files of the wave that this file replaces
-- grain: one comment of core.comment
-- reader: pipeline.load
with arriving as (
    select distinct
        l.response_no,
        l.item_no,
    from landed as l
    where $is_long and l.row_rule = 0 and not l.is_superseded and l.answer_rule = 0
)

select
    a.batch_no,
    a.rowid as row_no,
from core.comment as a
inner join raw.batch as b on a.batch_no = b.batch_no
left join arriving as n on b.is_long and a.response_no = n.response_no and a.item_no = n.item_no
where
    a.wave_no = $wave_no
    and (n.item_no is not null or a.response_no in (select lost_response.response_no, from lost_response))
