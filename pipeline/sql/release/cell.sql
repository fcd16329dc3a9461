-- what: the numbers about one subject or unit on the measures and in the waves given, released or suppressed
-- grain: one wave x group x measure, in no order
-- reader: pipeline.release
select
    wave_no,
    group_no,
    measure_no,
    reason_no,
    score::double as score,
    case when has_interval then low::double end as low,
    case when has_interval then high::double end as high,
    rater_count,
    pm_count,
    bound_no,
from release.cell
where
    scope_no = $scope_no
    and list_contains($wave_nos, wave_no)
    and list_contains($measure_nos, measure_no)
