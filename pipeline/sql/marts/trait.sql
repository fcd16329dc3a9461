-- what: raters' trait scores per subject: how many, their mean, their squares around it
-- grain: one wave x subject x trait
-- reader: marts/spread, pipeline.publishing
select
    wave_no,
    subject_no,
    trait_id,
    count(*)::integer as rater_count,
    round(avg(score), 9) as mean_points,
    round(var_pop(score) * count(*), 9) as within_sum_squares,
from mart.rater_score
where wave_no = $wave_no
group by wave_no, subject_no, trait_id
