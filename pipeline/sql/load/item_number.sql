-- what: the numbers given so far
-- grain: one item
-- reader: pipeline.numbering
select
    item_id as id,
    item_no as no,
from core.item
