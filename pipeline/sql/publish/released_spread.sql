-- what: the spreads of this wave
-- grain: one trait
-- reader: release.spread
select
    wave_no,
    measure_no,
    sigma_points,
    degrees_of_freedom,
    source,
from stage.spread
order by measure_no
