-- what: the number of every subject the warehouse knows
-- grain: one subject
-- reader: pipeline.publishing
select
    subject_no,
    subject_id,
from core.subject
where kind = $kind
order by subject_no
