-- what: how many PMs the shown items by relationship are about: those about whom somebody of it answered, in the blocks
--       that released the item
-- grain: one relationship in a unit x item
-- reader: pipeline.publishing.relationships
with answered as (
    select distinct response_no,
    from core.answer
    where wave_no = $wave_no
)

select
    i.scope_no,
    i.measure_no,
    count(distinct r.subject_no)::integer as pm_count,
from stage.relationship_item as i
inner join stage.relationship_block as t using (scope_no)
semi join stage.block_item as b on t.block_no = b.block_no and i.measure_no = b.measure_no
inner join stage.block_member as m on t.block_no = m.block_no
inner join core.response as r on m.subject_no = r.subject_no and t.relationship = r.relationship
semi join answered as a on r.response_no = a.response_no
where r.wave_no = $wave_no
group by i.scope_no, i.measure_no
order by i.scope_no, i.measure_no
