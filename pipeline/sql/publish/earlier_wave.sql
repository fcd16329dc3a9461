-- what: the waves of the release before
-- grain: one wave
-- reader: pipeline.publishing.earlier
select
    wave_no,
    wave_id,
    instrument_id,
    starts_on,
    state,
from previous.wave
order by wave_no
