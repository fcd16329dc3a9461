-- what: the line of each trait of one subject or unit, over the waves given
-- grain: one trait x wave, in no order
-- reader: pipeline.release
select
    wave_no,
    measure_no as trait_no,
    segment_no,
    item_count,
    score::double as score,
    low::double as low,
    high::double as high,
    rater_count,
from release.line
where scope_no = $scope_no and list_contains($wave_nos, wave_no)
