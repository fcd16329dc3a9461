-- what: how far raters tell subjects of one wave apart
-- grain: one trait
-- reader: pipeline.release
select
    w.wave_id,
    m.measure_id as trait_id,
    d.icc1::double as icc1,
    d.icc2::double as icc2,
from derived_reliability as d
inner join dated_wave as w using (wave_no)
inner join release.measure as m using (measure_no)
where w.wave_id = $wave_id
order by d.measure_no
