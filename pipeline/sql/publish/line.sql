-- what: the points of lines with interval A; n are the raters that each is worth
-- grain: one subject or unit x trait x wave
-- reader: release.line
select
    p.scope_no,
    p.trait_no as measure_no,
    p.segment_no,
    p.wave_no,
    p.shown_item_count as item_count,
    p.score,
    greatest(m.low, p.score::double - m.margin_of_one / sqrt(p.raters))::decimal(9, 6) as low,
    least(m.high, p.score::double + m.margin_of_one / sqrt(p.raters))::decimal(9, 6) as high,
    p.rater_count,
from stage.line_point as p
inner join stage.margin as m using (wave_no, trait_no)
inner join stage.wave as w using (wave_no)
order by p.scope_no, p.trait_no, w.place
