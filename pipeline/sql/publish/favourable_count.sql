-- what: coded favourable counts of the shown items of units
-- grain: one unit x item
-- reader: pipeline.publishing.derived
select
    p.scope_no,
    i.measure_no,
    sum(i.favourable_count)::integer as favourable_count,
    sum(i.rating_count)::integer as rating_count,
from stage.place_item as i
inner join stage.unit_place as p using (place_no)
semi join stage.unit as u on p.scope_no = u.scope_no and u.scope = 'unit'
inner join stage.unit_item as d using (scope_no, measure_no)
inner join stage.item as x using (measure_no)
where d.reason_no = 0 and not x.is_event
group by p.scope_no, i.measure_no
order by p.scope_no, i.measure_no
