-- what: the spreads of a wave that its own raters gave
-- grain: one trait
-- reader: pipeline.replay
select
    m.measure_id as trait_id,
    s.sigma_points,
    s.degrees_of_freedom,
from proved.spread as s
inner join proved.measure as m using (measure_no)
where s.wave_no = $wave_no and s.source = 'wave'
order by m.measure_id
