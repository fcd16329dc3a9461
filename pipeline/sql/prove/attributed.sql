-- what: what self and manager said: it is shown with its author
-- grain: one subject x group x item of one wave
-- reader: pipeline.replay
select *, -- noqa: AM04
from mart.item
where wave_no = $wave_no and relationship in ($self, $manager)
order by subject_no, relationship, item_no
