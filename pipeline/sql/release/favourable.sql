-- what: favourable shares of one unit's items
-- grain: one wave x item
-- reader: pipeline.release
select
    p.scope_id,
    m.measure_id as item_id,
    w.wave_id,
    d.share::double as share,
    d.low::double as low,
    d.high::double as high,
    d.rating_count,
from derived_favourable as d
inner join dated_wave as w using (wave_no)
inner join release.scope as p using (scope_no)
inner join release.measure as m using (measure_no)
where p.scope = 'unit' and p.scope_id = $scope_id and w.unit_date <= $shown_on
order by w.starts_on, w.wave_id, d.measure_no
