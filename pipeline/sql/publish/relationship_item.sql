-- what: coded sums by relationship, over the blocks that released the item; coded as blocks are
-- grain: one shown relationship in a unit x shown item
-- reader: publish/released_relationship_item, publish/relationship_item_pm, publish/item_score
with rating as (
    select
        t.scope_no,
        i.measure_no,
        i.low,
        i.high,
        i.coding_step,
        case when w.is_reverse then w.low + w.high - a.value else a.value end as points,
        w.low + (w.high - w.low) * 3 / 4 as favourable_from,
    from core.answer as a
    inner join core.wave_item as w using (wave_no, item_no)
    inner join stage.item as i using (item_no)
    inner join stage.block_member as m using (subject_no)
    inner join stage.relationship_block as t using (block_no, relationship)
    semi join stage.block_item as b on m.block_no = b.block_no and i.measure_no = b.measure_no
    semi join stage.relationship_ruled as d on t.scope_no = d.scope_no and i.measure_no = d.measure_no
    where a.wave_no = $wave_no and a.value is not null
),

pooled as (
    select
        scope_no,
        measure_no,
        low,
        high,
        coding_step,
        count(*) as rating_count,
        sum(points) as sum_points,
        count(*) filter (points >= favourable_from) as favourable_count,
    from rating
    group by scope_no, measure_no, low, high, coding_step
)

select
    $wave_no::usmallint as wave_no,
    scope_no,
    measure_no,
    rating_count::integer as rating_count,
    greatest(
        rating_count * low + coding_step,
        least(rating_count * high - coding_step, sum_points)
    )::decimal(18, 6) as sum_points,
    greatest(1, least(rating_count - 1, favourable_count))::integer as favourable_count,
from pooled
