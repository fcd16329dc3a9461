-- what: the places that blocks lie in
-- grain: one place
-- reader: publish/unit_place, publish/slice_pm, publish/slice_item_pm, publish/unit_item_pm
select distinct
    place_no,
    unit_id,
    pm_type,
    stage,
from stage.block
order by place_no
