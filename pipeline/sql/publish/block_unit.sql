-- what: the unit that each block ends in, and how many PMs are in it
-- grain: one block
-- reader: pipeline.publishing.relationships
select
    block_no,
    unit_id,
    subject_count,
from stage.block
order by block_no
