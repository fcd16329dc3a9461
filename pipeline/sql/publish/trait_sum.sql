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
    i.trait_no,
    coalesce(any_value(l.response_count), any_value(c.rater_count))::double as response_count,
    coalesce(any_value(l.people_count), any_value(c.rater_count))::double as people_count,
    sum(x.rater_count)::double as rating_count,
    any_value(t.item_count)::double as item_count,
from stage.item_score as x
inner join stage.item as i using (measure_no)
inner join trait as t using (trait_no)
inner join stage.scope_count as c using (scope_no, group_no)
left join stage.unit_load as l using (scope_no)
where not i.is_event and x.group_no = $others_group
group by x.scope_no, i.trait_no
order by x.scope_no, i.trait_no
