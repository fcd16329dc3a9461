-- what: how many PMs of rest blocks are in a slice's number: those that are not in it with a block of their own
-- grain: one item x wave x slice with any
-- reader: pipeline.publishing.mix_ground
with whole as (
    select
        mix_place,
        set_no,
        pm_type_no,
        stage_no,
        sum(pm_count) as pm_count,
    from stage.mix_block
    group by mix_place, set_no, pm_type_no, stage_no
),

member as (
    select
        w.mix_place,
        i.measure_no,
        w.pm_count,
        unnest([w.pm_type_no, w.stage_no]) as scope_no,
    from whole as w
    inner join stage.mix_set_item as i using (set_no)
),

own as (
    select
        mix_place,
        measure_no,
        scope_no,
        sum(pm_count) as pm_count,
    from member
    group by mix_place, measure_no, scope_no
)

select
    s.measure_no,
    s.mix_place,
    s.scope_no as slice_no,
    (s.pm_count - coalesce(o.pm_count, 0))::integer as pm_count,
from stage.mix_slice as s
left join own as o using (mix_place, measure_no, scope_no)
where s.pm_count > coalesce(o.pm_count, 0)
order by s.measure_no, s.mix_place, s.scope_no
