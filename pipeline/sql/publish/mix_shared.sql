-- what: of the items that a block released, which the same PMs' block in the other wave released too
-- grain: one set x set of the other wave x item
-- reader: publish/mix_cohort, publish/mix_load
with pair as (
    select distinct
        set_no,
        other_set_no,
    from stage.mix_pair
)

select
    p.set_no,
    p.other_set_no,
    i.measure_no,
    i.trait_no,
    o.measure_no is not null as is_shared,
from pair as p
inner join stage.mix_set_item as i on p.set_no = i.set_no
left join stage.mix_set_item as o on p.other_set_no = o.set_no and i.measure_no = o.measure_no
