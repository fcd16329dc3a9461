-- what: how many PMs' blocks end in a unit itself, by the PM type and the stage that the block lies in as a whole
-- grain: one unit x PM type x stage, '' where a block lies in none
-- reader: pipeline.publishing.slices (decides which slices may be shown)
select
    unit_id,
    pm_type,
    stage,
    sum(subject_count)::integer as pm_count,
from stage.block
group by unit_id, pm_type, stage
order by unit_id, pm_type, stage
