-- what: coded sums of those who stayed in a unit, moved, came or left; who has a block in both waves, but not the item,
--       came or left in it
-- grain: one unit x item x wave of the change x cohort
-- reader: pipeline.publishing.mix_ground
with whole as (
    select
        p.mix_place,
        i.measure_no,
        p.unit_no,
        p.other_unit_no,
        p.set_no,
        p.other_set_no,
        sum(i.sum_points) as sum_points,
        sum(i.rating_count) as rating_count,
        sum(p.pm_count) as pm_count,
    from every.block_item as i
    inner join stage.mix_pair as p on i.wave_no = p.wave_no and i.block_no = p.block_no
    group by p.mix_place, i.measure_no, p.unit_no, p.other_unit_no, p.set_no, p.other_set_no
),

pair as (
    select
        w.mix_place,
        w.measure_no,
        w.unit_no,
        case when s.is_shared then w.other_unit_no else 0 end as other_unit_no,
        w.sum_points,
        w.rating_count,
        w.pm_count,
    from whole as w
    inner join stage.mix_shared as s using (set_no, other_set_no, measure_no)
)

select
    c.above_no as unit_no,
    p.measure_no,
    p.mix_place,
    c.cohort,
    sum(p.sum_points)::double as sum_points,
    sum(p.rating_count)::double as rating_count,
    sum(p.pm_count)::double as pm_count,
from pair as p
inner join stage.mix_side as c using (unit_no, other_unit_no)
group by c.above_no, p.measure_no, p.mix_place, c.cohort
