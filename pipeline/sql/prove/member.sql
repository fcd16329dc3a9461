-- what: who answered about whom in one wave, without what
-- grain: one subject x group
-- reader: pipeline.replay
select *, -- noqa: AM04
from mart.member
where wave_no = $wave_no
order by subject_no, relationship
