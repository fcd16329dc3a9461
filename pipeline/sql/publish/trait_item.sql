-- what: the shown items of a trait, added up; a trait of which none is shown is not there
-- grain: one subject, unit, slice or relationship in a unit x group x trait
-- reader: publish/trait_sum, publish/trait_score, publish/trait_value
select
    x.scope_no,
    x.group_no,
    i.trait_no,
    count(*) as item_count,
    sum(x.score) as score_sum,
    sum(x.rater_count) as rating_count,
    max(x.rater_count) as most_ratings,
    max(x.pm_count) as pm_count,
    case when min(x.bound_no) = max(x.bound_no) then min(x.bound_no) else 0 end as bound_no,
from stage.item_score as x
inner join stage.item as i using (measure_no)
where not i.is_event
group by x.scope_no, x.group_no, i.trait_no
