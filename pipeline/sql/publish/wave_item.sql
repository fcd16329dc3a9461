-- what: how every wave scores its items, prompts left out
-- grain: one wave x item
-- reader: pipeline.publishing
select
    w.wave_no,
    i.item_id,
    w.trait_id,
    w.is_event,
    w.low,
    w.high,
from core.wave_item as w
inner join core.item as i using (item_no)
where not w.is_prompt
order by w.wave_no, w.item_no
