-- what: judged changes of one subject or unit up to the waves given
-- grain: one wave x trait x kind, in no order
-- reader: pipeline.release
select
    wave_no,
    since_wave_no,
    measure_no as trait_no,
    kind_no,
    points::double as points,
    low::double as low,
    high::double as high,
    needed_points::double as needed_points,
    verdict_no,
from derived_change
where scope_no = $scope_no and list_contains($wave_nos, wave_no)
