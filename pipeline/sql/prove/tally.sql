-- what: how PMs of units are distributed, as told
-- grain: one wave x unit x trait
-- reader: pipeline.prove
select
    d.wave_no,
    d.measure_no,
    p.scope_id as unit_id,
    d.at_least,
    d.unplaced_count as unplaced,
from proved.distribution as d
inner join proved.scope as p using (scope_no)
order by d.wave_no, p.scope_id, d.measure_no
