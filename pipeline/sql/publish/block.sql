-- what: the blocks of the wave, and where each lies as a whole: the unit it ends in, and the PM type and the stage of
--       all its PMs, '' where in none; blocks that agree in all three lie in one place
-- grain: one block
-- reader: publish/place, publish/unit_place, publish/released_block and whatever adds blocks up
with whole as (
    select
        m.block_no,
        min(s.scope_no) as scope_no,
        min(coalesce(s.pm_type, '')) as pm_type,
        max(coalesce(s.pm_type, '')) as last_pm_type,
        min(coalesce(s.stage, '')) as stage,
        max(coalesce(s.stage, '')) as last_stage,
    from stage.block_member as m
    left join stage.subject as s using (subject_no)
    group by m.block_no
),

placed as (
    select
        f.block_no,
        f.is_rest,
        f.unit_id,
        case when w.pm_type = w.last_pm_type then w.pm_type else '' end as pm_type,
        case when w.stage = w.last_stage then w.stage else '' end as stage,
        case when f.is_rest then u.scope_no else w.scope_no end as scope_no,
        f.rater_count,
        f.known_count,
        f.pm_count as subject_count,
    from stage.formed as f
    inner join whole as w using (block_no)
    left join fresh.scope as u on f.unit_id = u.scope_id and u.scope = 'unit'
)

select
    *,
    dense_rank() over (order by unit_id, pm_type, stage)::integer as place_no,
from placed
order by block_no
