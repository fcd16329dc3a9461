-- what: the sets of items that blocks of a wave released; there are few, since most blocks released all
-- grain: one set of one wave
-- reader: publish/mix_block, publish/mix_set_item
with found as (
    select distinct
        mix_place,
        wave_no,
        measure_nos,
    from stage.mix_released
)

select
    (row_number() over (order by mix_place, measure_nos))::integer as set_no,
    mix_place,
    wave_no,
    measure_nos,
from found
