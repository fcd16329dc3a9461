-- what: blocks of the two waves of a change beside those of the same PMs in the other wave; unit and set 0 are none
-- grain: one block
-- reader: publish/mix_shared, publish/mix_side, publish/mix_cohort, publish/mix_load
select
    h.mix_place,
    h.wave_no,
    h.block_no,
    h.unit_no,
    h.set_no,
    h.pm_count,
    h.response_count,
    coalesce(t.unit_no, 0) as other_unit_no,
    coalesce(t.set_no, 0) as other_set_no,
from stage.mix_block as h
left join stage.mix_block as t on h.follow_no = t.follow_no and t.mix_place = 3 - h.mix_place
where h.mix_place > 0
