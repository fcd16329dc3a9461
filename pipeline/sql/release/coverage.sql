-- what: of how many PMs of one unit each trait is the strength in one wave, as a word
-- grain: one trait
-- reader: pipeline.release
select
    p.scope_id,
    m.measure_id as trait_id,
    w.wave_id,
    c.coverage_no,
    c.pm_count,
from release.coverage as c
inner join dated_wave as w using (wave_no)
inner join release.scope as p using (scope_no)
inner join release.measure as m using (measure_no)
where p.scope_id = $scope_id and p.scope = 'unit' and w.wave_id = $wave_id and w.unit_date <= $shown_on
order by c.measure_no
