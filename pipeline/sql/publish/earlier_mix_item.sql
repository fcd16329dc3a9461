-- what: items whose changes were taken apart before, without those that rest on a wave that is not there any more
-- grain: one wave x unit x item
-- reader: release.mix_item
with gone as (
    select
        wave_no,
        instrument_id,
        starts_on,
    from previous.wave
    where wave_no = $wave_no
)

select c.*, -- noqa: AM04
from previous.mix_item as c
inner join previous.wave as w on c.wave_no = w.wave_no
inner join previous.wave as f on c.since_wave_no = f.wave_no
left join gone as g on g.starts_on between f.starts_on and w.starts_on
where c.wave_no <> $wave_no and (g.wave_no is null or g.instrument_id <> w.instrument_id)
order by c.wave_no, c.scope_no, c.measure_no
