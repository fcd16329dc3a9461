-- what: how far the subjects of a wave lie apart
-- grain: one trait
-- reader: pipeline.replay
select
    m.measure_id as trait_id,
    s.variance,
from proved.subject_spread as s
inner join proved.measure as m using (measure_no)
where s.wave_no = $wave_no
order by m.measure_id
