-- what: responses and PMs behind every shown number by relationship
-- grain: one relationship in a unit
-- reader: stage.scope_count
with answered as (
    select distinct response_no,
    from core.answer
    where wave_no = $wave_no
)

select
    t.scope_no,
    $others_group::utinyint as group_no,
    count(*)::integer as rater_count,
    count(distinct r.subject_no)::integer as pm_count,
from core.response as r
semi join answered using (response_no)
inner join stage.block_member using (subject_no)
inner join stage.relationship_block as t using (block_no, relationship)
where r.wave_no = $wave_no
group by t.scope_no
order by t.scope_no
