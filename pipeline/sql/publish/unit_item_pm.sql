-- what: how many PMs' released ratings of an item end in a unit itself, not in a unit inside it
-- grain: one unit x item
-- reader: pipeline.publishing.units (decides which units may be shown, item by item)
select
    i.measure_no,
    b.unit_id,
    sum(b.subject_count)::integer as pm_count,
from stage.block_item as i
inner join stage.block as b using (block_no)
where b.unit_id <> ''
group by i.measure_no, b.unit_id
order by i.measure_no, b.unit_id
