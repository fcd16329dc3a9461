-- what: the same of the blocks that released an item
-- grain: one item x unit x PM type x stage
-- reader: pipeline.publishing.slices (decides which slices may be shown, item by item)
select
    i.measure_no,
    b.unit_id,
    b.pm_type,
    b.stage,
    sum(b.subject_count)::integer as pm_count,
from stage.block_item as i
inner join stage.block as b using (block_no)
group by i.measure_no, b.unit_id, b.pm_type, b.stage
order by i.measure_no, b.unit_id, b.pm_type, b.stage
