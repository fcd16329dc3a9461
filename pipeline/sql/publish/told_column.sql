-- what: the traits and items of all waves, but no events, each with its column in a grid; an item's trait is that of
--       the wave, and a trait is its own
-- grain: one wave x trait or item
-- reader: publish/told, pipeline.publishing.told
with measure as (
    select
        wave_no,
        trait_no,
        measure_no,
    from stage.wave_item
    where not is_event
    union
    select
        wave_no,
        trait_no,
        trait_no as measure_no,
    from stage.wave_item
    where not is_event
)

select
    m.wave_no,
    m.trait_no,
    m.measure_no,
    row_number() over (order by w.place, m.trait_no, m.measure_no) - 1 as place,
from measure as m
inner join stage.wave as w using (wave_no)
order by place
