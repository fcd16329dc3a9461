-- what: which PMs' blocks released an item, in the waves that a change is taken apart from: own blocks by their
--       subject, who can be followed, and rest blocks, who cannot; responses are at least as many as rated any item
-- grain: one block x item
-- reader: publish/mix_path, publish/mix_cohort, publish/mix_load
with block as (
    select
        w.mix_place,
        b.wave_no,
        b.block_no,
        case when b.is_rest then -1 - (b.block_no * 3 + w.mix_place) else b.scope_no end as follow_no,
        case when b.is_rest then p.scope_id else s.unit_id end as unit_id,
        case when b.is_rest then b.subject_count else 1 end as pm_count,
        max(i.rating_count) as response_count,
    from release.block as b
    inner join stage.mix_wave as w using (wave_no)
    inner join release.scope as p using (scope_no)
    inner join release.block_item as i on b.wave_no = i.wave_no and b.block_no = i.block_no
    left join release.subject as s on b.wave_no = s.wave_no and b.scope_no = s.scope_no
    group by
        w.mix_place, b.wave_no, b.block_no, b.is_rest, b.scope_no, p.scope_id, s.unit_id, b.subject_count
)

select
    b.mix_place,
    i.measure_no,
    t.trait_no,
    b.follow_no,
    b.unit_id,
    b.pm_count,
    b.response_count,
    i.rating_count,
    i.sum_points,
from block as b
inner join release.block_item as i using (wave_no, block_no)
inner join stage.wave_item as t on b.wave_no = t.wave_no and i.measure_no = t.measure_no
where not t.is_event and b.unit_id <> ''
