-- what: the blocks of a release, each with the unit it ends in
-- grain: one block
-- reader: pipeline.prove
select
    b.wave_no,
    b.block_no,
    b.is_rest,
    b.scope_no,
    case when s.kind = 'unit' then '' else coalesce(s.unit_id, p.scope_id) end as unit_id,
    b.rater_count,
    b.subject_count as pm_count,
from proved.block as b
inner join proved.scope as p using (scope_no)
left join proved.subject as s on b.wave_no = s.wave_no and b.scope_no = s.scope_no and not b.is_rest
order by b.wave_no, b.block_no
