-- what: what others and the subject say of each trait, with what both rest on; NaN where the subject did not say
-- grain: one subject x trait with a score of others
-- reader: pipeline.publishing.values
with self_items as (
    select
        x.scope_no,
        i.trait_no,
        count(*) as item_count,
    from stage.item_score as x
    inner join stage.item as i using (measure_no)
    where x.group_no = $self_group and not i.is_event
    group by x.scope_no, i.trait_no
)

select
    t.scope_no,
    t.measure_no,
    t.score::double as score,
    s.raters,
    coalesce(o.score::double, 'nan'::double) as self_score,
    coalesce(i.item_count * s.response_count / s.rating_count, 1.0)::double as self_share,
from stage.trait_score as t
semi join stage.subject using (scope_no)
inner join stage.trait_sum as s on t.scope_no = s.scope_no and t.measure_no = s.trait_no
left join stage.trait_score as o
    on t.scope_no = o.scope_no and t.measure_no = o.measure_no and o.group_no = $self_group
left join self_items as i on t.scope_no = i.scope_no and t.measure_no = i.trait_no
where t.group_no = $others_group
order by t.scope_no, t.measure_no
