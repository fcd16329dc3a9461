-- what: the subject that stands for the rest of each unit, where answers were re-addressed to it
-- grain: one unit
-- reader: pipeline.publishing.blocks
select distinct
    s.subject_no,
    s.subject_id[$rest_place:] as unit_id,
from core.subject as s
inner join mart.member as m using (subject_no)
where s.kind = $rest_kind and m.wave_no = $wave_no
order by unit_id
