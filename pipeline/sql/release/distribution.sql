-- what: how the best guesses of one unit's PMs are distributed in the waves given
-- grain: one wave x trait, in no order
-- reader: pipeline.release
select
    wave_no,
    measure_no as trait_no,
    edges::double[] as edges,
    at_least,
    unplaced_count as unplaced,
from release.distribution
where scope_no = $scope_no and list_contains($wave_nos, wave_no)
