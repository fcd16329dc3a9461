-- what: coded sums of those who stayed in a unit, moved, came or left
-- grain: one unit x item x wave of the change x cohort
-- reader: pipeline.publishing.mix_ground
select
    unit_id,
    measure_no,
    mix_place,
    cohort,
    sum(sum_points)::double as sum_points,
    sum(rating_count)::double as rating_count,
    sum(pm_count)::double as pm_count,
from stage.mix_member
group by unit_id, measure_no, mix_place, cohort
order by unit_id, measure_no, mix_place, cohort
