-- what: the spreads of the release before
-- grain: one wave x trait
-- reader: pipeline.publishing.earlier
select
    wave_no,
    measure_no,
    sigma_points,
    degrees_of_freedom,
    source,
from previous.spread
order by wave_no, measure_no
