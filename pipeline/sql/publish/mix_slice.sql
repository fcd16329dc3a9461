-- what: the slices whose number of an item is shown, in the waves that a change is taken apart from
-- grain: one item x slice x wave
-- reader: publish/mix_judged, publish/mix_path, publish/mix_rest_slice
select
    w.mix_place,
    c.measure_no,
    c.scope_no,
    c.pm_count,
from every.cell as c
inner join stage.mix_wave as w using (wave_no)
semi join fresh.scope as p on c.scope_no = p.scope_no and p.scope = 'slice'
inner join stage.wave_item as t on c.wave_no = t.wave_no and c.measure_no = t.measure_no
where c.group_no = $others_group and c.reason_no = 0 and not t.is_event
