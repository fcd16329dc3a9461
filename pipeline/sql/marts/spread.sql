-- what: sum of squares of raters' trait scores within subjects (MSW numerator)
-- grain: one wave x trait
-- reader: pipeline.publish
select
    wave_no,
    trait_id,
    count(*)::integer as subject_count,
    sum(rater_count)::integer as rater_count,
    round(sum(within_sum_squares), 6) as within_sum_squares,
from mart.trait
where wave_no = $wave_no
group by wave_no, trait_id
