-- what: the waves that were published before, as far as comments are concerned
-- grain: one wave
-- reader: pipeline.publishing.comments
select distinct wave_no,
from core.comment_submitter
where release_no < $release_no
order by wave_no
