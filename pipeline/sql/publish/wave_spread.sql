-- what: the spread of raters of one wave: sums of squares of their trait scores within subjects (MSW numerator)
-- grain: one trait
-- reader: pipeline.publishing.scatter
select
    t.trait_id,
    count(*)::integer as subject_count,
    sum(g.rater_count)::integer as rater_count,
    round(sum(g.within_sum_squares), 6) as within_sum_squares,
from stage.trait_group as g
inner join stage.trait as t using (place)
group by t.trait_id
order by t.trait_id
