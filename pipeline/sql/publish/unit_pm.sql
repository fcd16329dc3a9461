-- what: how many PMs' blocks end in a unit itself, not in a unit inside it
-- grain: one unit
-- reader: pipeline.publishing.units (decides which units may be shown)
select
    unit_id,
    sum(subject_count)::integer as pm_count,
from stage.block
where unit_id <> ''
group by unit_id
order by unit_id
