-- what: best guesses of one subject's true scores
-- grain: one wave x trait
-- reader: pipeline.release
select
    p.scope_id,
    m.measure_id as trait_id,
    w.wave_id,
    d.score::double as score,
from derived_best_guess as d
inner join dated_wave as w using (wave_no)
inner join release.scope as p using (scope_no)
inner join release.measure as m using (measure_no)
where p.scope = 'subject' and p.scope_id = $scope_id
order by w.starts_on, w.wave_id, d.measure_no
