-- what: the coded sums of a release by relationship, with the ends of each item's scale
-- grain: one relationship in a unit x item
-- reader: pipeline.prove
select
    r.wave_no,
    r.scope_no,
    split_part(p.scope_id, '/', 1) as relationship,
    array_to_string(string_split(p.scope_id, '/')[2:], '/') as unit_id,
    r.measure_no,
    r.rating_count,
    r.sum_points,
    r.favourable_count,
    w.low,
    w.high,
from proved.relationship_item as r
inner join proved.scope as p using (scope_no)
inner join proved.measure as m using (measure_no)
inner join core.item as i on m.measure_id = i.item_id
inner join core.wave_item as w on r.wave_no = w.wave_no and i.item_no = w.item_no
order by r.wave_no, r.scope_no, r.measure_no
