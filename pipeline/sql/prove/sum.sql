-- what: the coded sums of a release, with the ends of each item's scale
-- grain: one block x item
-- reader: pipeline.prove
select
    b.wave_no,
    b.block_no,
    b.measure_no,
    b.rating_count,
    b.sum_points,
    b.favourable_count,
    w.low,
    w.high,
from proved.block_item as b
inner join proved.measure as m using (measure_no)
inner join core.item as i on m.measure_id = i.item_id
inner join core.wave_item as w on b.wave_no = w.wave_no and i.item_no = w.item_no
order by b.wave_no, b.block_no, b.measure_no
