-- what: what any wave measured
-- grain: one trait, item or event item
-- reader: pipeline.release
select
    measure_no,
    measure,
    measure_id,
from release.measure
