-- what: the coded sums of this wave
-- grain: one block x item
-- reader: release.block_item
select
    wave_no,
    block_no,
    measure_no,
    rating_count,
    sum_points,
    favourable_count,
from stage.block_item
order by block_no, measure_no
