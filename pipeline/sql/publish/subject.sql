-- what: the subjects of the wave: warehouse numbers beside release numbers, and the slices they are in
-- grain: one subject
-- reader: publish/block, publish/hidden, publish/item_score, publish/trait_value
select
    s.subject_no,
    r.scope_no,
    r.pm_type,
    r.stage,
from core.subject as s
inner join stage.roster as r using (subject_id)
where s.kind = $kind
order by s.subject_no
