-- what: what the change up to the wave before was taken apart into, item by item
-- grain: one unit x item
-- reader: pipeline.publishing.mix_ground
select
    x.measure_no,
    x.scope_no as unit_no,
    x.detail_no,
from previous.mix_item as x
inner join stage.mix_wave as w on x.wave_no = w.wave_no and w.mix_place = 1
order by x.measure_no, x.scope_no
