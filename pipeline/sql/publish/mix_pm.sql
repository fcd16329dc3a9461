-- what: which PMs' blocks released an item, in the waves that a change is taken apart from
-- grain: one block x item
-- reader: publish/mix_judged, publish/mix_path, publish/mix_pair, publish/mix_rest_slice
select
    b.mix_place,
    i.measure_no,
    t.trait_no,
    b.follow_no,
    b.unit_no,
    b.pm_type_no,
    b.stage_no,
    b.pm_count,
    b.response_count,
    i.rating_count,
    i.sum_points,
from release.block_item as i
inner join stage.mix_block as b using (wave_no, block_no)
inner join stage.wave_item as t on i.wave_no = t.wave_no and i.measure_no = t.measure_no
where not t.is_event
