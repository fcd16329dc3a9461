-- what: responses and PMs behind every shown number by relationship
-- grain: one relationship in a unit
-- reader: stage.scope_count
select
    t.scope_no,
    $others_group::utinyint as group_no,
    count(*)::integer as rater_count,
    count(distinct r.subject_no)::integer as pm_count,
from stage.response as r
inner join stage.relationship_block as t using (block_no, relationship)
group by t.scope_no
order by t.scope_no
