-- what: responses of other files of the wave that this file replaces as a whole
-- grain: one response of core.response
-- reader: load/lost_answer, load/lost_comment, pipeline.load
select
    r.response_no,
    r.batch_no,
    r.rowid as row_no,
from core.response as r
inner join raw.batch as b on r.batch_no = b.batch_no
where
    r.wave_no = $wave_no
    and not (b.is_long and $is_long)
    and r.response_no in (
        select l.response_no,
        from landed as l
        where l.row_rule = 0 and not l.is_superseded
    )
