-- what: of how many PMs of one unit each trait is the strength in the waves given, as a word
-- grain: one wave x trait, in no order
-- reader: pipeline.release
select
    wave_no,
    measure_no as trait_no,
    coverage_no,
    pm_count,
from release.coverage
where scope_no = $scope_no and list_contains($wave_nos, wave_no)
