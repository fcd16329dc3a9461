-- what: how many PMs' blocks end in a unit itself, by the PM type and the stage that the block lies in as a whole
-- grain: one unit x PM type x stage, '' where a block lies in none
-- reader: pipeline.publishing.slices (decides which slices may be shown)
select
    p.unit_id,
    p.pm_type,
    p.stage,
    sum(b.subject_count)::integer as pm_count,
from stage.block as b
inner join stage.place as p using (place_no)
group by p.unit_id, p.pm_type, p.stage
order by p.unit_id, p.pm_type, p.stage
