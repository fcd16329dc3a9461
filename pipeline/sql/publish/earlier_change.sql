-- what: changes judged before, without those that rest on a wave that is not there any more
-- grain: one wave x subject or unit x trait x kind
-- reader: release.change
select c.*, -- noqa: AM04
from previous.change as c
semi join stage.earlier_step using (wave_no, since_wave_no)
order by c.wave_no, c.scope_no, c.measure_no, c.kind_no
