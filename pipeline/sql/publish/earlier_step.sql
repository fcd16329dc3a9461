-- what: from which earlier wave to which a change may still be told: both stay, and no wave of the same instrument went
--       from between them
-- grain: one pair of waves
-- reader: publish/earlier_change, publish/earlier_mix, publish/earlier_mix_item
with gone as (
    select
        wave_no,
        instrument_id,
        starts_on,
    from previous.wave
    where wave_no = $wave_no
)

select
    w.wave_no,
    f.wave_no as since_wave_no,
from previous.wave as w
inner join previous.wave as f on w.starts_on >= f.starts_on
left join gone as g on g.starts_on between f.starts_on and w.starts_on
where w.wave_no <> $wave_no and (g.wave_no is null or g.instrument_id <> w.instrument_id)
