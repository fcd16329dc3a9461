-- what: how raters' scores of two traits scatter together
-- grain: two traits
-- reader: pipeline.replay
select
    m.measure_id as trait_id,
    o.measure_id as other_trait_id,
    c.covariance,
from proved.trait_covariance as c
inner join proved.measure as m using (measure_no)
inner join proved.measure as o on c.other_measure_no = o.measure_no
where c.wave_no = $wave_no
order by m.measure_id, o.measure_id
