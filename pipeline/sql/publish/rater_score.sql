-- what: raters' trait scores; traits by their places
-- grain: one response x trait
-- reader: pipeline.publishing.scatter
select
    s.subject_no,
    s.response_no,
    t.place,
    s.score,
from mart.rater_score as s
inner join stage.trait as t using (trait_id)
where s.wave_no = $wave_no
order by s.subject_no, s.response_no
