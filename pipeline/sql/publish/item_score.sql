-- what: item means that may be shown: of own blocks, of units and slices (pooled over whole blocks), by relationship,
--       and the attributed ratings of self and manager, which are as given
-- grain: one subject, unit, slice or relationship in a unit x group x item
-- reader: publish/trait_score, publish/cell
with unit_sum as (
    select
        p.scope_no,
        i.measure_no,
        sum(i.sum_points) as sum_points,
        sum(i.rating_count) as rating_count,
        case when min(i.least_bound_no) = max(i.most_bound_no) then min(i.least_bound_no) else 0 end as bound_no,
    from stage.place_item as i
    inner join stage.unit_place as p using (place_no)
    group by p.scope_no, i.measure_no
),

attributed as (
    select
        s.scope_no,
        case x.relationship when $self then $self_group else $manager_group end as group_no,
        i.measure_no,
        x.sum_points,
        x.rating_count,
    from mart.item as x
    inner join stage.subject as s using (subject_no)
    inner join stage.item as i using (item_no)
    where x.wave_no = $wave_no and x.relationship in ($self, $manager) and x.rating_count > 0
),

score as (
    select
        b.scope_no,
        $others_group as group_no,
        i.measure_no,
        i.sum_points,
        i.rating_count,
        1 as pm_count,
        i.bound_no,
    from stage.block_item as i
    inner join stage.block as b using (block_no)
    where not b.is_rest
    union all
    select
        u.scope_no,
        $others_group as group_no,
        u.measure_no,
        u.sum_points,
        u.rating_count,
        d.pm_count,
        u.bound_no,
    from unit_sum as u
    inner join stage.unit_item as d using (scope_no, measure_no)
    where d.reason_no = 0
    union all
    select
        r.scope_no,
        $others_group as group_no,
        r.measure_no,
        r.sum_points,
        r.rating_count,
        d.pm_count,
        case
            when r.sum_points <= r.rating_count * i.low + i.coding_step then 1
            when r.sum_points >= r.rating_count * i.high - i.coding_step then 2
            else 0
        end as bound_no,
    from stage.relationship_item as r
    inner join stage.item as i using (measure_no)
    inner join stage.unit_item as d using (scope_no, measure_no)
    union all
    select
        scope_no,
        group_no,
        measure_no,
        sum_points,
        rating_count,
        1 as pm_count,
        0 as bound_no,
    from attributed
    where list_contains($groups, group_no)
)

select
    scope_no,
    group_no::utinyint as group_no,
    measure_no,
    (sum_points::double / rating_count)::decimal(9, 6) as score,
    rating_count::integer as rater_count,
    pm_count::integer as pm_count,
    bound_no::utinyint as bound_no,
from score
