-- what: what a trait score of others rests on: responses, the ratings of its shown items, and how many items the trait
--       has, shown or not; of a unit also how many people gave the responses at least
-- grain: one subject or unit x trait
-- reader: pipeline.publishing.worth
with trait as (
    select
        trait_no,
        count(*) as item_count,
    from stage.item
    where not is_event
    group by trait_no
)

select
    x.scope_no,
    x.trait_no,
    coalesce(l.response_count, c.rater_count)::double as response_count,
    coalesce(l.people_count, c.rater_count)::double as people_count,
    x.rating_count::double as rating_count,
    t.item_count::double as item_count,
from stage.trait_item as x
inner join trait as t using (trait_no)
inner join stage.scope_count as c using (scope_no, group_no)
left join stage.unit_load as l using (scope_no)
where x.group_no = $others_group
order by x.scope_no, x.trait_no
