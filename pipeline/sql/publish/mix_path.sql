-- what: how many PMs were in which units and slices, wave after wave, of those whose block released an item; "" is none
-- grain: one item x way through the units and slices
-- reader: pipeline.publishing.mix_ground
with way as (
    select
        measure_no,
        coalesce(any_value(unit_id) filter (where mix_place = 0), '') as unit_0,
        coalesce(any_value(unit_id) filter (where mix_place = 1), '') as unit_1,
        coalesce(any_value(unit_id) filter (where mix_place = 2), '') as unit_2,
        coalesce(any_value([pm_type, stage]) filter (where mix_place = 0), []) as slices_0,
        coalesce(any_value([pm_type, stage]) filter (where mix_place = 1), []) as slices_1,
        coalesce(any_value([pm_type, stage]) filter (where mix_place = 2), []) as slices_2,
        follow_no < 0 as is_rest,
        any_value(pm_count) as pm_count,
    from stage.mix_pm
    group by measure_no, follow_no
)

select
    measure_no,
    unit_0,
    unit_1,
    unit_2,
    slices_0,
    slices_1,
    slices_2,
    is_rest,
    sum(pm_count)::integer as pm_count,
from way
group by measure_no, unit_0, unit_1, unit_2, slices_0, slices_1, slices_2, is_rest
order by measure_no, unit_0, unit_1, unit_2, slices_0, slices_1, slices_2, is_rest
