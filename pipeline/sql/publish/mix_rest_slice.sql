-- what: how many PMs of rest blocks are in a slice's number: those that are not in it with a block of their own
-- grain: one item x wave x slice with any
-- reader: pipeline.publishing.mix_ground
with member as (
    select
        mix_place,
        measure_no,
        pm_count,
        unnest([pm_type, stage]) as scope_id,
    from stage.mix_pm
),

own as (
    select
        mix_place,
        measure_no,
        scope_id,
        sum(pm_count) as pm_count,
    from member
    where scope_id <> ''
    group by mix_place, measure_no, scope_id
)

select
    c.measure_no,
    w.mix_place,
    p.scope_id,
    (c.pm_count - coalesce(o.pm_count, 0))::integer as pm_count,
from release.cell as c
inner join stage.mix_wave as w using (wave_no)
inner join release.scope as p using (scope_no)
inner join stage.wave_item as t on c.wave_no = t.wave_no and c.measure_no = t.measure_no
left join own as o on w.mix_place = o.mix_place and c.measure_no = o.measure_no and p.scope_id = o.scope_id
where
    p.scope = 'slice'
    and c.group_no = $others_group
    and c.reason_no = 0
    and not t.is_event
    and c.pm_count > coalesce(o.pm_count, 0)
order by c.measure_no, w.mix_place, p.scope_id
