-- what: the number of every wave the warehouse knows
-- grain: one wave
-- reader: pipeline.publishing
select
    wave_no,
    wave_id,
from core.wave
order by wave_no
