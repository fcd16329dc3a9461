-- what: changes taken apart before, without those that rest on a wave that is not there any more
-- grain: one wave x unit x trait
-- reader: release.mix
select c.*, -- noqa: AM04
from previous.mix as c
semi join stage.earlier_step using (wave_no, since_wave_no)
order by c.wave_no, c.scope_no, c.measure_no
