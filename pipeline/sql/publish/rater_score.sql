-- what: each rater's trait score: the mean of the answered items if at least half of them were answered; self and
--       manager stay outside, and so does the rest of a unit, which is several subjects in one. Traits by their places
-- grain: one response x trait
-- reader: publish/trait_group, publish/rater_row
with item as (
    select
        w.item_no,
        t.place,
        w.is_reverse,
        w.low + w.high as both_ends,
        ceil(count(*) over (partition by t.place) / 2) as needed_count,
    from core.wave_item as w
    inner join stage.trait as t using (trait_id)
    where w.wave_no = $wave_no and not w.is_prompt and not w.is_event
)

select
    a.subject_no,
    a.response_no,
    i.place,
    avg(case when i.is_reverse then i.both_ends - a.value else a.value end) as score,
from core.answer as a
inner join item as i on a.item_no = i.item_no
inner join core.subject as s on a.subject_no = s.subject_no and s.kind <> $rest_kind
where a.wave_no = $wave_no and a.value is not null and a.relationship not in ($self, $manager)
group by a.subject_no, a.response_no, i.place
having count(*) >= any_value(i.needed_count)
