-- what: the release's number of each subject of the wave
-- grain: one subject
-- reader: pipeline.publishing.blocks
select
    subject_no,
    scope_no,
from stage.subject
order by subject_no
