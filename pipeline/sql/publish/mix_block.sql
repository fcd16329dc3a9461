-- what: blocks of the waves that a change is taken apart from: own blocks by their subject, who can be followed, and
--       rest blocks, who cannot; of own blocks also the slices by PM type and stage that they are in. Units and slices
--       by their numbers in the release, 0 is none
-- grain: one block of one wave
-- reader: publish/mix_pair, publish/mix_judged, publish/mix_path, publish/mix_rest_slice
with unit as (
    select
        scope_no,
        scope_id,
    from fresh.scope
    where scope = 'unit'
),

slice as (
    select
        scope_no,
        scope_id,
    from fresh.scope
    where scope = 'slice'
),

own as (
    select
        s.wave_no,
        s.scope_no,
        u.scope_no as unit_no,
        coalesce(y.scope_no, 0) as pm_type_no,
        coalesce(g.scope_no, 0) as stage_no,
    from every.subject as s
    semi join stage.mix_wave as w on s.wave_no = w.wave_no
    inner join unit as u on s.unit_id = u.scope_id
    left join slice as y on 'pm_type/' || s.pm_type = y.scope_id
    left join slice as g on 'stage/' || s.stage = g.scope_id
)

select
    w.mix_place,
    b.wave_no,
    b.block_no,
    case when b.is_rest then -1 - (b.block_no * 3 + w.mix_place) else b.scope_no end as follow_no,
    case when b.is_rest then b.scope_no else o.unit_no end as unit_no,
    coalesce(o.pm_type_no, 0) as pm_type_no,
    coalesce(o.stage_no, 0) as stage_no,
    case when b.is_rest then b.subject_count else 1 end as pm_count,
    r.response_count,
    n.set_no,
from every.block as b
inner join stage.mix_wave as w using (wave_no)
inner join stage.mix_released as r using (wave_no, block_no)
inner join stage.mix_set as n on w.mix_place = n.mix_place and r.measure_nos = n.measure_nos
left join own as o on b.wave_no = o.wave_no and b.scope_no = o.scope_no
where b.is_rest or o.unit_no is not null
