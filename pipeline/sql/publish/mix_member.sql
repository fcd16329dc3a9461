-- what: which unit a block's PMs count in, and as what: 0 they stayed, 1 moved from or to another unit, 2 came or left
-- grain: one block x item x unit it lies in, of the two waves of the change
-- reader: publish/mix_cohort, publish/mix_load
with pair as (
    select
        h.mix_place,
        h.measure_no,
        h.trait_no,
        h.follow_no,
        h.pm_count,
        h.response_count,
        h.rating_count,
        h.sum_points,
        coalesce(t.unit_id, '') as other_unit_id,
        string_split(h.unit_id, '/') as parts,
    from stage.mix_pm as h
    left join stage.mix_pm as t
        on h.measure_no = t.measure_no and h.follow_no = t.follow_no and t.mix_place = 3 - h.mix_place
    where h.mix_place > 0
),

inside as (
    select
        * exclude (parts),
        unnest([array_to_string(parts[:i], '/') for i in range(1, len(parts) + 1)]) as unit_id, -- noqa: PRS
    from pair
)

select
    * exclude (other_unit_id),
    case
        when other_unit_id = unit_id or starts_with(other_unit_id, unit_id || '/') then 0
        when other_unit_id <> '' then 1
        else 2
    end::utinyint as cohort,
from inside
