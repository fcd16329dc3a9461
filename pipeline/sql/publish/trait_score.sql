-- what: trait scores: the mean of the shown item means, with interval A where others answered; n are the raters that
--       the score is worth
-- grain: one subject or unit x group x trait
-- reader: publish/cell
select
    t.scope_no,
    t.group_no,
    t.trait_no as measure_no,
    (t.score_sum::double / t.item_count)::decimal(9, 6) as score,
    t.group_no = $others_group as has_interval,
    greatest(m.low, score::double - m.margin_of_one / sqrt(w.raters))::decimal(9, 6) as low,
    least(m.high, score::double + m.margin_of_one / sqrt(w.raters))::decimal(9, 6) as high,
    coalesce(c.rater_count, t.most_ratings)::integer as rater_count,
    coalesce(c.pm_count, t.pm_count)::integer as pm_count,
    t.bound_no::utinyint as bound_no,
from stage.trait_item as t
inner join stage.margin as m on t.trait_no = m.trait_no
left join stage.scope_count as c using (scope_no, group_no)
left join stage.trait_sum as w on t.scope_no = w.scope_no and t.trait_no = w.trait_no
where m.wave_no = $wave_no
