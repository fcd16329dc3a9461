-- what: raters' trait scores per subject: how many, their mean, their squares around it
-- grain: one trait x subject
-- reader: publish/wave_spread, pipeline.publishing.scatter
select
    place,
    subject_no,
    count(*)::integer as rater_count,
    round(avg(score), 9) as mean_points,
    round(var_pop(score) * count(*), 9) as within_sum_squares,
from stage.rater_score
group by place, subject_no
order by place, subject_no
