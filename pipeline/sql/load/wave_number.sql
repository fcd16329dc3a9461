-- what: the numbers given so far
-- grain: one wave
-- reader: pipeline.numbering
select
    wave_id as id,
    wave_no as no,
from core.wave
