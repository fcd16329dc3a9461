-- what: how many PMs were in which units and shown slices, wave after wave, of those whose block released an item; 0 is
--       none. Of items that are not judged way by way the rest blocks only
-- grain: one item x way through the units and slices
-- reader: pipeline.publishing.mix_ground
with member as (
    select
        m.mix_place,
        i.measure_no,
        m.follow_no,
        m.unit_no,
        m.pm_count,
        [coalesce(y.scope_no, 0), coalesce(g.scope_no, 0)] as slices,
    from stage.mix_block as m
    inner join stage.mix_set_item as i using (set_no)
    left join stage.mix_slice as y
        on m.mix_place = y.mix_place and i.measure_no = y.measure_no and m.pm_type_no = y.scope_no
    left join stage.mix_slice as g
        on m.mix_place = g.mix_place and i.measure_no = g.measure_no and m.stage_no = g.scope_no
    where m.follow_no < 0 or i.measure_no in (select j.measure_no, from stage.mix_judged as j)
),

way as (
    select
        measure_no,
        coalesce(any_value(unit_no) filter (where mix_place = 0), 0) as unit_0,
        coalesce(any_value(unit_no) filter (where mix_place = 1), 0) as unit_1,
        coalesce(any_value(unit_no) filter (where mix_place = 2), 0) as unit_2,
        coalesce(any_value(slices) filter (where mix_place = 0), []) as slices_0,
        coalesce(any_value(slices) filter (where mix_place = 1), []) as slices_1,
        coalesce(any_value(slices) filter (where mix_place = 2), []) as slices_2,
        follow_no < 0 as is_rest,
        any_value(pm_count) as pm_count,
    from member
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
