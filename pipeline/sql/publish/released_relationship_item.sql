-- what: the coded sums by relationship of this wave
-- grain: one relationship in a unit x item
-- reader: release.relationship_item
select
    wave_no,
    scope_no,
    measure_no,
    rating_count,
    sum_points,
    favourable_count,
from stage.relationship_item
order by scope_no, measure_no
