-- what: how many PMs' released ratings of an item end in a unit itself, not in a unit inside it
-- grain: one unit x item
-- reader: pipeline.publishing.units (decides which units may be shown, item by item)
select
    i.measure_no,
    p.unit_id,
    sum(i.pm_count)::integer as pm_count,
from stage.place_item as i
inner join stage.place as p using (place_no)
where p.unit_id <> ''
group by i.measure_no, p.unit_id
order by i.measure_no, p.unit_id
