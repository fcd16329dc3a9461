-- what: how the best guesses of one unit's PMs are distributed in one wave
-- grain: one trait
-- reader: pipeline.release
select
    p.scope_id,
    m.measure_id as trait_id,
    w.wave_id,
    d.edges::double[] as edges,
    d.at_least,
    d.unplaced_count as unplaced,
from release.distribution as d
inner join dated_wave as w using (wave_no)
inner join release.scope as p using (scope_no)
inner join release.measure as m using (measure_no)
where p.scope_id = $scope_id and p.scope = 'unit' and w.wave_id = $wave_id and w.unit_date <= $shown_on
order by d.measure_no
