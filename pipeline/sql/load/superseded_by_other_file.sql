-- what: rows that lose against a later submission of the same response in another file of the wave
-- grain: one line of landed, by its row id
-- reader: pipeline.load
select l.rowid as row_no,
from landed as l
inner join core.response as r
    on l.response_no = r.response_no and r.wave_no = $wave_no and l.submitted_at < r.submitted_at
where l.row_rule = 0
