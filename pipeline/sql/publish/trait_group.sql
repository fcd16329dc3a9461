-- what: how many raters each subject has on a trait, and the mean of their trait scores
-- grain: one trait x subject
-- reader: pipeline.publishing.scatter
select
    trait_id,
    rater_count,
    mean_points,
from mart.trait
where wave_no = $wave_no
order by trait_id, subject_no
