-- what: which items each block released, and its responses: at least as many as rated any item
-- grain: one block, of the waves that a change is taken apart from
-- reader: publish/mix_set, publish/mix_block
select
    w.mix_place,
    i.wave_no,
    i.block_no,
    max(i.rating_count) as response_count,
    list_sort(coalesce(list(i.measure_no) filter (not t.is_event), [])) as measure_nos,
from every.block_item as i
inner join stage.mix_wave as w on i.wave_no = w.wave_no
inner join stage.wave_item as t on i.wave_no = t.wave_no and i.measure_no = t.measure_no
group by w.mix_place, i.wave_no, i.block_no
