-- what: which PMs' blocks released an item, in the waves that a change is taken apart from: own blocks by their
--       subject, who can be followed, and rest blocks, who cannot; responses are at least as many as rated any item
--       of own blocks also the slices by PM type and stage that they are in and whose number is shown
-- grain: one block x item
-- reader: publish/mix_path, publish/mix_cohort, publish/mix_load
with slice as (
    select
        c.wave_no,
        c.measure_no,
        p.scope_id,
    from release.cell as c
    inner join stage.mix_wave using (wave_no)
    inner join release.scope as p using (scope_no)
    where p.scope = 'slice' and c.group_no = $others_group and c.reason_no = 0
),

block as (
    select
        w.mix_place,
        b.wave_no,
        b.block_no,
        case when b.is_rest then -1 - (b.block_no * 3 + w.mix_place) else b.scope_no end as follow_no,
        case when b.is_rest then p.scope_id else s.unit_id end as unit_id,
        case when b.is_rest then b.subject_count else 1 end as pm_count,
        case when b.is_rest then '' else 'pm_type/' || s.pm_type end as pm_type,
        case when b.is_rest then '' else 'stage/' || s.stage end as stage,
        max(i.rating_count) as response_count,
    from release.block as b
    inner join stage.mix_wave as w using (wave_no)
    inner join release.scope as p using (scope_no)
    inner join release.block_item as i on b.wave_no = i.wave_no and b.block_no = i.block_no
    left join release.subject as s on b.wave_no = s.wave_no and b.scope_no = s.scope_no
    group by
        w.mix_place, b.wave_no, b.block_no, b.is_rest, b.scope_no, p.scope_id, s.unit_id, b.subject_count,
        s.pm_type, s.stage
)

select
    b.mix_place,
    i.measure_no,
    t.trait_no,
    b.follow_no,
    b.unit_id,
    coalesce(y.scope_id, '') as pm_type,
    coalesce(g.scope_id, '') as stage,
    b.pm_count,
    b.response_count,
    i.rating_count,
    i.sum_points,
from block as b
inner join release.block_item as i using (wave_no, block_no)
inner join stage.wave_item as t on b.wave_no = t.wave_no and i.measure_no = t.measure_no
left join slice as y on b.wave_no = y.wave_no and i.measure_no = y.measure_no and b.pm_type = y.scope_id
left join slice as g on b.wave_no = g.wave_no and i.measure_no = g.measure_no and b.stage = g.scope_id
where not t.is_event and b.unit_id <> ''
