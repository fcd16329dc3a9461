-- what: what others and the subject say of each trait, with what both rest on; NaN where the subject did not say
-- grain: one subject x trait with a score of others
-- reader: pipeline.publishing.values
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
left join stage.trait_item as i
    on t.scope_no = i.scope_no and t.measure_no = i.trait_no and i.group_no = $self_group
where t.group_no = $others_group
