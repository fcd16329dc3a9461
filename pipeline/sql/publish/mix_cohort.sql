-- what: coded sums of those who stayed in a unit (0), moved from or to another (1), came or left (2)
-- grain: one unit x item x wave of the change x cohort
-- reader: pipeline.publishing.mix_ground
with pair as (
    select
        mix_place,
        measure_no,
        unit_no,
        other_unit_no,
        sum(sum_points) as sum_points,
        sum(rating_count) as rating_count,
        sum(pm_count) as pm_count,
    from stage.mix_pair
    group by mix_place, measure_no, unit_no, other_unit_no
)

select
    a.above_no as unit_no,
    p.measure_no,
    p.mix_place,
    case when o.above_no is not null then 0 when p.other_unit_no > 0 then 1 else 2 end as cohort,
    sum(p.sum_points)::double as sum_points,
    sum(p.rating_count)::double as rating_count,
    sum(p.pm_count)::double as pm_count,
from pair as p
inner join stage.mix_above as a using (unit_no)
left join stage.mix_above as o on p.other_unit_no = o.unit_no and a.above_no = o.above_no
group by a.above_no, p.measure_no, p.mix_place, cohort
