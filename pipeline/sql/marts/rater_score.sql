-- what: each rater's trait score: the mean of the answered items if at least half of them were answered; self and
--       manager stay outside, and so does the rest of a unit, which is several subjects in one
-- grain: one response x trait
-- reader: marts/trait, publish/rater_score
with item as (
    select
        item_no,
        trait_id,
        is_reverse,
        low,
        high,
        ceil(count(*) over (partition by trait_id) / 2) as needed_count,
    from core.wave_item
    where wave_no = $wave_no and not is_prompt and not is_event
)

select
    $wave_no::usmallint as wave_no,
    a.subject_no,
    a.response_no,
    i.trait_id,
    avg(case when i.is_reverse then i.low + i.high - a.value else a.value end) as score,
from core.answer as a
inner join item as i on a.item_no = i.item_no
inner join core.subject as s on a.subject_no = s.subject_no and s.kind <> $rest_kind
where a.wave_no = $wave_no and a.value is not null and a.relationship not in ($self, $manager)
group by a.subject_no, a.response_no, i.trait_id
having count(*) >= any_value(i.needed_count)
