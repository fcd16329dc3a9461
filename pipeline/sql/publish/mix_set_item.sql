-- what: the items of each set, with the trait that each had in the wave
-- grain: one set x item
-- reader: publish/mix_shared, publish/mix_judged, publish/mix_path, publish/mix_rest_slice
with item as (
    select
        set_no,
        mix_place,
        wave_no,
        unnest(measure_nos) as measure_no,
    from stage.mix_set
)

select
    i.set_no,
    i.mix_place,
    i.measure_no,
    t.trait_no,
from item as i
inner join stage.wave_item as t using (wave_no, measure_no)
