-- what: what those who did not answer could change in one unit's trait scores, in the waves given
-- grain: one wave x trait, in no order
-- reader: pipeline.release
select
    wave_no,
    measure_no as trait_no,
    response_share::double as response_share,
    low::double as low,
    high::double as high,
    is_needed,
from release.nonresponse
where scope_no = $scope_no and list_contains($wave_nos, wave_no)
