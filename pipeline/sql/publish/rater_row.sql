-- what: the same, a rater's scores beside each other
-- grain: one response x trait
-- reader: pipeline.publishing.scatter
select
    subject_no,
    response_no,
    place,
    score,
from stage.rater_score
order by subject_no, response_no
