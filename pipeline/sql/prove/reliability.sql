-- what: how reliable the scores of a wave are
-- grain: one trait
-- reader: pipeline.replay
select
    m.measure_id as trait_id,
    r.icc1::double as icc1,
    r.icc2::double as icc2,
from proved.reliability as r
inner join proved.measure as m using (measure_no)
where r.wave_no = $wave_no
order by m.measure_id
