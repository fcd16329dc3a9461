-- what: the waves of a release of any format; the first had no unit_date, all units were shown at once
-- grain: one wave
-- reader: pipeline.release (as the view dated_wave)
with shape as (
    select null::date as unit_date,
    where false
),

wave as (
    select *, from release.wave
    union all by name
    select *, from shape
)

select * replace (coalesce(unit_date, date '1970-01-01') as unit_date), -- noqa: AM04
from wave
