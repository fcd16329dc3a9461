-- what: the row of a wave as it stays in a release after it was withdrawn
-- grain: one wave
-- reader: release.wave
select * replace ('withdrawn' as state, $reason as reason), -- noqa: AM04
from previous.wave
where wave_no = $wave_no
