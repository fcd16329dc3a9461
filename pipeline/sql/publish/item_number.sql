-- what: the number of every item the warehouse knows
-- grain: one item
-- reader: pipeline.publishing
select
    item_no,
    item_id,
from core.item
order by item_no
