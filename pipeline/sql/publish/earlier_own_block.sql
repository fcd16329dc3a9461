-- what: how many unknown raters stood in each subject's own block in one wave of the release before
-- grain: one subject
-- reader: pipeline.publishing.blocks
select
    s.subject_no,
    b.rater_count,
from previous.block as b
inner join stage.subject as s using (scope_no)
where b.wave_no = $earlier_no and not b.is_rest
order by s.subject_no
