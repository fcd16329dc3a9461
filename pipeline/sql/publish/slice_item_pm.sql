-- what: the same of the blocks that released an item
-- grain: one item x unit x PM type x stage
-- reader: pipeline.publishing.slices (decides which slices may be shown, item by item)
select
    i.measure_no,
    p.unit_id,
    p.pm_type,
    p.stage,
    i.pm_count,
from stage.place_item as i
inner join stage.place as p using (place_no)
order by i.measure_no, p.unit_id, p.pm_type, p.stage
