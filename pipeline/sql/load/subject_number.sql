-- what: the numbers given so far
-- grain: one subject
-- reader: pipeline.numbering
select
    subject_id as id,
    subject_no as no,
from core.subject
