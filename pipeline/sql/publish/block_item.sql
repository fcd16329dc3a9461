-- what: coded sums of each block: items that enough people rated; the sum is kept one scale step, the
--       favourable count one person, away from both ends, so that unanimity reads like near-unanimity
-- grain: one block x item
-- reader: publish/released_block_item, publish/item_score, publish/unit_item_pm
with pooled as (
    select
        m.block_no,
        i.measure_no,
        i.low,
        i.high,
        i.coding_step,
        sum(x.rating_count) as rating_count,
        sum(x.sum_points) as sum_points,
        sum(x.favourable_count) as favourable_count,
    from mart.item as x
    inner join stage.block_member as m using (subject_no)
    inner join stage.item as i using (item_no)
    where x.wave_no = $wave_no and x.relationship not in ($self, $manager)
    group by m.block_no, i.measure_no, i.low, i.high, i.coding_step
    having sum(x.rating_count) >= $min_item_ratings
)

select
    $wave_no::usmallint as wave_no,
    block_no,
    measure_no,
    rating_count::integer as rating_count,
    greatest(
        rating_count * low + coding_step,
        least(rating_count * high - coding_step, sum_points)
    )::decimal(18, 6) as sum_points,
    greatest(1, least(rating_count - 1, favourable_count))::integer as favourable_count,
    case
        when sum_points <= rating_count * low + coding_step then 1
        when sum_points >= rating_count * high - coding_step then 2
        else 0
    end::utinyint as bound_no,
from pooled
