-- what: what PMs of a unit are to each unit around it, by where they were in the other wave (0 is nowhere): they stayed
--       (0), moved from or to another (1), came or left (2)
-- grain: one unit x unit in the other wave x unit around it
-- reader: publish/mix_cohort, publish/mix_load
with pair as (
    select
        unit_no,
        other_unit_no,
    from stage.mix_pair
    union
    select
        unit_no,
        0 as other_unit_no,
    from stage.mix_pair
)

select
    p.unit_no,
    p.other_unit_no,
    a.above_no,
    case when o.above_no is not null then 0 when p.other_unit_no > 0 then 1 else 2 end as cohort,
from pair as p
inner join stage.mix_above as a using (unit_no)
left join stage.mix_above as o on p.other_unit_no = o.unit_no and a.above_no = o.above_no
