-- what: sums behind the spread of raters, per trait of one wave
-- grain: one trait
-- reader: pipeline.publishing
select
    trait_id,
    subject_count,
    rater_count,
    within_sum_squares,
from mart.spread
where wave_no = $wave_no
order by trait_id
