-- what: what made the changes of one unit's traits up to the waves given, or why that is not told
-- grain: one wave x trait, in no order
-- reader: pipeline.release
select
    wave_no,
    since_wave_no,
    measure_no as trait_no,
    reason_no,
    detail_no,
    item_count,
    real_points,
    real_low,
    real_high,
    real_verdict_no,
    mix_points,
    mix_low,
    mix_high,
    mix_verdict_no,
    arrived_points,
    left_points,
    moved_in_points,
    moved_out_points,
    stayed_pm_count,
    arrived_pm_count,
    left_pm_count,
from release.mix
where scope_no = $scope_no and list_contains($wave_nos, wave_no)
