-- what: the items of each trait, wave after wave
-- grain: one wave x item
-- reader: pipeline.publishing.told
select
    w.place,
    i.wave_no,
    i.trait_no,
    i.measure_no,
from stage.wave_item as i
inner join stage.wave as w using (wave_no)
where not i.is_event
order by w.place, i.measure_no
