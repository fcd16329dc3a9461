-- what: coded sums of all blocks that lie in the same unit and slices, and how many PMs they are about
-- grain: one place x item
-- reader: publish/item_score, publish/favourable_count, publish/unit_item_pm, publish/slice_item_pm
select
    b.place_no,
    i.measure_no,
    sum(i.sum_points) as sum_points,
    sum(i.rating_count) as rating_count,
    sum(i.favourable_count) as favourable_count,
    sum(b.subject_count)::integer as pm_count,
    min(i.bound_no) as least_bound_no,
    max(i.bound_no) as most_bound_no,
from stage.block_item as i
inner join stage.block as b using (block_no)
group by b.place_no, i.measure_no
