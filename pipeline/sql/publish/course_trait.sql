-- what: each trait's number of items, spread and scale in the waves that changes are judged from
-- grain: one trait x wave
-- reader: pipeline.publishing.courses
with item as (
    select
        wave_no,
        trait_no,
        count(*) as item_count,
    from stage.wave_item
    where not is_event
    group by wave_no, trait_no
)

select
    i.trait_no,
    w.course_place,
    i.item_count::double as item_count,
    s.sigma_points::double as sigma,
    s.degrees_of_freedom,
    m.low::double as low,
    m.high::double as high,
from item as i
inner join stage.course_wave as w using (wave_no)
inner join every.spread as s on i.wave_no = s.wave_no and i.trait_no = s.measure_no
inner join stage.margin as m on i.wave_no = m.wave_no and i.trait_no = m.trait_no
order by i.trait_no, w.course_place
