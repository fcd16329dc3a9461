-- what: raters' scores on all traits, of those who have one on every trait, in the order of the traits' ids; rows of a
--       subject are in the order of their numbers, so that nothing but the numbers decides how they are added up
-- grain: one response
<<<<<<< HEAD
-- reader: pipeline.publishing.scatter
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
),

rater as (
    select
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
)

=======
-- reader: pipeline.publishing.standings
>>>>>>> 381b5e9 (Publish faster: copy the file before, share raters' scores)
select
    subject_no,
    list(score order by trait_id) as scores,
from mart.rater_score
where wave_no = $wave_no
group by subject_no, response_no
having count(*) = $trait_count
order by subject_no, scores
