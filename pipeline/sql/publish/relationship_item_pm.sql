-- what: how many PMs the shown items by relationship are about: those about whom somebody of it answered, in the blocks
--       that released the item
-- grain: one relationship in a unit x item
-- reader: pipeline.publishing.relationships
select
    i.measure_no,
    i.scope_no,
    count(distinct r.subject_no)::integer as pm_count,
from stage.relationship_item as i
inner join stage.relationship_block as t using (scope_no)
semi join stage.block_item as b on t.block_no = b.block_no and i.measure_no = b.measure_no
inner join stage.response as r on t.block_no = r.block_no and t.relationship = r.relationship
group by i.scope_no, i.measure_no
order by i.scope_no, i.measure_no
