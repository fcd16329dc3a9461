-- what: the waves of this release, withdrawn ones with their reason
-- grain: one wave, by its first day
-- reader: pipeline.release
select
    wave_id,
    campaign,
    period,
    starts_on,
    ends_on,
    instrument_id,
    instrument_version,
    instrument_hash,
    state,
    reason,
    roster_date,
    policy_hash,
    min_raters,
    min_pms,
    row_received_count,
    row_loaded_count,
    answer_received_count,
    answer_loaded_count,
    unit_date,
from dated_wave
order by starts_on, wave_id
