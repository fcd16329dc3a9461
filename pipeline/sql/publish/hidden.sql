-- what: why a number of the group others is not shown, for every one that is not
-- grain: one subject, unit, slice or relationship in a unit x measure
-- reader: publish/cell
with shown as (
    select
        scope_no,
        measure_no,
    from stage.item_score
    where group_no = $others_group
    union all
    select
        scope_no,
        measure_no,
    from stage.trait_score
    where group_no = $others_group
),

lacking as (
    select s.scope_no,
    from stage.subject as s
    left join shown as x using (scope_no)
    group by s.scope_no
    having count(x.scope_no) < (select count(*), from stage.measure)
),

subject_hidden as (
    select
        s.scope_no,
        m.measure_no,
        case when b.scope_no is null then $too_few_raters else $too_little_exposure end as reason_no,
    from lacking as s
    cross join stage.measure as m
    left join stage.block as b on s.scope_no = b.scope_no and not b.is_rest
    anti join shown as x on s.scope_no = x.scope_no and m.measure_no = x.measure_no
    where $has_others
),

unit_reason as (
    select
        scope_no,
        measure_no,
        reason_no,
    from stage.unit_item
    union all
    select
        d.scope_no,
        i.trait_no as measure_no,
        max(d.reason_no) as reason_no,
    from stage.unit_item as d
    inner join stage.item as i using (measure_no)
    where not i.is_event
    group by d.scope_no, i.trait_no
),

unit_hidden as (
    select
        u.scope_no,
        m.measure_no,
        case
            when u.reason_no > 0 then u.reason_no
            else coalesce(d.reason_no, $too_little_exposure)
        end as reason_no,
    from stage.unit as u
    cross join stage.measure as m
    left join unit_reason as d on u.scope_no = d.scope_no and m.measure_no = d.measure_no
    anti join shown as x on u.scope_no = x.scope_no and m.measure_no = x.measure_no
    where $has_others
)

select
    scope_no,
    measure_no,
    reason_no::utinyint as reason_no,
from subject_hidden
union all
select
    scope_no,
    measure_no,
    reason_no::utinyint as reason_no,
from unit_hidden
