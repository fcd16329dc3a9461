-- what: items of each trait as bits of one number, so that a set of them is a number; the trait itself is no item: 0
-- grain: one wave x trait x item or trait
-- reader: publish/line_set, publish/line_point
with item as (
    select
        trait_no,
        measure_no,
        1::hugeint << (row_number() over (partition by trait_no order by measure_no) - 1)::integer as item,
    from stage.wave_item
    where not is_event
    group by trait_no, measure_no
)

select
    w.wave_no,
    w.trait_no,
    w.measure_no,
    i.item,
from stage.wave_item as w
inner join item as i using (trait_no, measure_no)
where not w.is_event
union
select
    wave_no,
    trait_no,
    trait_no as measure_no,
    0 as item,
from stage.wave_item
where not is_event
