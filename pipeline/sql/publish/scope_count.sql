-- what: raters and PMs behind every number of others about a subject, a unit or a slice
-- grain: one subject with a block of its own, unit or slice
-- reader: publish/trait_score, publish/trait_sum
with counted as (
    select
        scope_no,
        rater_count + known_count as rater_count,
        subject_count,
    from stage.block
    where not is_rest
    union all
    select
        u.scope_no,
        b.rater_count + b.known_count as rater_count,
        b.subject_count,
    from stage.block as b
    inner join stage.unit_place as u using (place_no)
)

select
    scope_no,
    $others_group::utinyint as group_no,
    sum(rater_count)::integer as rater_count,
    sum(subject_count)::integer as pm_count,
from counted
group by scope_no
