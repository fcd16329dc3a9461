-- what: every number a page may ask for, released or suppressed; no nulls (see schema/release.sql)
-- grain: one wave x subject, unit, slice or relationship in a unit x group x measure
-- reader: release.cell
with cell as (
    select
        scope_no,
        group_no,
        measure_no,
        0::utinyint as reason_no,
        score,
        false as has_interval,
        0::decimal(9, 6) as low,
        0::decimal(9, 6) as high,
        rater_count,
        pm_count,
        bound_no,
    from stage.item_score
    union all
    select
        scope_no,
        group_no,
        measure_no,
        0::utinyint as reason_no,
        score,
        has_interval,
        case when has_interval then low else 0 end as low,
        case when has_interval then high else 0 end as high,
        rater_count,
        pm_count,
        bound_no,
    from stage.trait_score
    union all
    select
        scope_no,
        $others_group::utinyint as group_no,
        measure_no,
        reason_no,
        0 as score,
        false as has_interval,
        0 as low,
        0 as high,
        0 as rater_count,
        0 as pm_count,
        0 as bound_no,
    from stage.hidden
)

select
    $wave_no::usmallint as wave_no,
    scope_no,
    group_no,
    measure_no,
    reason_no,
    score,
    has_interval,
    low,
    high,
    rater_count,
    pm_count,
    bound_no,
from cell
order by scope_no, group_no, measure_no
