-- what: what was promised about comments
-- grain: one wave
-- reader: pipeline.prove
select
    wave_no,
    needed_submitters,
    needed_authors,
from proved.comment_rule
order by wave_no
