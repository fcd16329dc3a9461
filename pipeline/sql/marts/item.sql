-- what: sums of ratings after reversing, exact in decimals; favourable is the upper quarter of the scale
-- grain: one wave x subject x group (self, manager, other) x item
-- reader: pipeline.publish
with item as (
    select
        item_no,
        is_reverse,
        low + high as both_ends,
        ((low + high * 3) / 4)::decimal(12, 8) as favourable_from,
    from core.wave_item
    where wave_no = $wave_no
),

rating as (
    select
        a.subject_no,
        case when a.relationship in ($self, $manager) then a.relationship else $other end as relationship,
        a.item_no,
        case when i.is_reverse then i.both_ends - a.value else a.value end as points,
        i.favourable_from,
    from core.answer as a
    inner join item as i on a.item_no = i.item_no
    where a.wave_no = $wave_no
)

select
    $wave_no::usmallint as wave_no,
    subject_no,
    relationship::utinyint as relationship,
    item_no,
    count(points)::integer as rating_count,
    (count(*) - count(points))::integer as not_observed_count,
    count(*) filter (where points >= favourable_from)::integer as favourable_count,
    coalesce(sum(points), 0)::decimal(18, 6) as sum_points,
from rating
group by subject_no, relationship, item_no
