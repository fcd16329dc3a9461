-- what: the items whose changes units are shown taken apart, and how finely
-- grain: one wave x unit x item
-- reader: pipeline.prove
select
    x.wave_no,
    x.since_wave_no,
    p.scope_id as unit_id,
    x.measure_no,
    x.detail_no = 2 as is_moved_apart,
from proved.mix_item as x
inner join proved.scope as p using (scope_no)
order by x.wave_no, p.scope_id, x.measure_no
