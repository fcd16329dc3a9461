-- what: what made the changes of one unit's traits, or why that is not told
-- grain: one wave x trait
-- reader: pipeline.release
select
    p.scope_id,
    m.measure_id as trait_id,
    w.wave_id,
    f.wave_id as since_wave_id,
    x.reason_no,
    x.detail_no,
    x.item_count,
    x.real_points,
    x.real_low,
    x.real_high,
    x.real_verdict_no,
    x.mix_points,
    x.mix_low,
    x.mix_high,
    x.mix_verdict_no,
    x.arrived_points,
    x.left_points,
    x.moved_in_points,
    x.moved_out_points,
    x.stayed_pm_count,
    x.arrived_pm_count,
    x.left_pm_count,
from release.mix as x
inner join dated_wave as w using (wave_no)
inner join release.scope as p using (scope_no)
inner join release.measure as m using (measure_no)
inner join release.wave as f on x.since_wave_no = f.wave_no
where p.scope_id = $scope_id and p.scope = 'unit' and w.unit_date <= $shown_on
order by w.starts_on, w.wave_id, x.measure_no
