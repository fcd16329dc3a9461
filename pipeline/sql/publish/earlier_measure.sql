-- what: the traits, items and event items that the release before has numbers for
-- grain: one measure
-- reader: pipeline.publishing.earlier
select
    measure_no,
    measure,
    measure_id,
from previous.measure
order by measure_no
