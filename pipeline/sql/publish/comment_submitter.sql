-- what: how many unknown people answered about each subject of the waves published before, as of the last time; of
--       subjects about whom anybody wrote
-- grain: one wave x subject
-- reader: pipeline.publishing.comments
select
    wave_no,
    subject_no,
    arg_max(rater_count, release_no) as rater_count,
    arg_max(unnamed_known_count, release_no) as unnamed_known_count,
from core.comment_submitter
semi join core.comment using (subject_no)
where release_no < $release_no
group by wave_no, subject_no
order by wave_no, subject_no
