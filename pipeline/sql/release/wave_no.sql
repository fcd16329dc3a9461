-- what: the numbers of the waves in a release, and when their units may be shown
-- grain: one wave, by its first day
-- reader: pipeline.release
select
    wave_no,
    wave_id,
    unit_date,
from dated_wave
order by starts_on, wave_id
