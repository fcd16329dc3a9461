-- what: raters' scores on all traits, of those who have one on every trait, in the order of the traits' ids; rows of a
--       subject are in the order of their numbers, so that nothing but the numbers decides how they are added up
-- grain: one response
-- reader: pipeline.publishing.scatter
select
    subject_no,
    list(score order by trait_id) as scores,
from mart.rater_score
where wave_no = $wave_no
group by subject_no, response_no
having count(*) = $trait_count
order by subject_no, scores
