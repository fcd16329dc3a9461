-- what: comments that HR holds back
-- grain: one comment
-- reader: pipeline.publishing.comments
select
    comment_no,
    reason,
from core.comment_hold
order by comment_no
