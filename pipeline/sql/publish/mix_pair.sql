-- what: blocks that released an item in a wave of the change, and the unit their PMs' block was in in the other wave; 0
--       is none
-- grain: one block x item, of the two waves of the change
-- reader: publish/mix_cohort, publish/mix_load
select
    h.mix_place,
    h.measure_no,
    h.trait_no,
    h.follow_no,
    h.unit_no,
    coalesce(t.unit_no, 0) as other_unit_no,
    h.pm_count,
    h.response_count,
    h.rating_count,
    h.sum_points,
from stage.mix_pm as h
left join stage.mix_pm as t
    on h.measure_no = t.measure_no and h.follow_no = t.follow_no and t.mix_place = 3 - h.mix_place
where h.mix_place > 0
