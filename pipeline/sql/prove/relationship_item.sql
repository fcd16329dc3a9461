-- what: the coded sums by relationship of one wave, as the release has them
-- grain: one relationship in a unit x item
-- reader: pipeline.replay
select *, -- noqa: AM04
from proved.relationship_item
where wave_no = $wave_no
order by scope_no, measure_no
