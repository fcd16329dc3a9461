-- what: the line of each trait of one subject or unit
-- grain: one trait x wave, segments in order
-- reader: pipeline.release
select
    p.scope,
    p.scope_id,
    m.measure_id as trait_id,
    l.segment_no,
    w.wave_id,
    l.item_count,
    l.score::double as score,
    l.low::double as low,
    l.high::double as high,
    l.rater_count,
from release.line as l
inner join release.scope as p using (scope_no)
inner join dated_wave as w using (wave_no)
inner join release.measure as m using (measure_no)
where p.scope = $scope and p.scope_id = $scope_id and w.unit_date <= $shown_on
order by l.measure_no, w.starts_on, w.wave_id
