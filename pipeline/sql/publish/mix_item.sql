-- what: the items that both waves of a change asked for, of the traits that this wave scores
-- grain: one item
-- reader: pipeline.publishing.mix_ground
select
    t.measure_no,
    t.trait_no,
from stage.wave_item as t
inner join stage.mix_wave as w using (wave_no)
where w.mix_place > 0 and not t.is_event
group by t.measure_no, t.trait_no
having count(*) = 2
order by t.measure_no
