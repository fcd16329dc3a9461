-- what: items whose changes are judged way by way. Where a slice may tie anybody to anybody and there are more units
--       than `disclosure.mix` judges ways ($most_ways, its own limit), it would hide all of them
-- grain: one item
-- reader: publish/mix_path, pipeline.publishing.mix_ground
with place as (
    select distinct
        set_no,
        unit_no,
    from stage.mix_block
    where mix_place = 2
)

select i.measure_no,
from place as p
inner join stage.mix_set_item as i using (set_no)
group by i.measure_no
having
    count(distinct p.unit_no) <= $most_ways
    or i.measure_no not in (select s.measure_no, from stage.mix_slice as s)
