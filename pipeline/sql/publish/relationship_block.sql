-- what: the blocks that each shown number by relationship reaches into; it takes those of its relationship out of them
-- grain: one relationship in a unit x block
-- reader: publish/relationship_item, publish/relationship_count, publish/unit_load
select
    t.scope_no,
    t.relationship,
    b.block_no,
from stage.relationship_table as t
inner join stage.unit_place as u on t.unit_no = u.scope_no
inner join stage.block as b using (place_no)
union all
select
    t.scope_no,
    t.relationship,
    b.block_no,
from stage.relationship_table as t
cross join stage.block as b
where t.unit_no = 0
