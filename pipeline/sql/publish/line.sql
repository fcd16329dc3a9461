-- what: the points of lines with interval A; n are the raters that each is worth
-- grain: one subject or unit x trait x wave
-- reader: release.line
with point as (
    select
        scope_no,
        trait_no,
        segment_no,
        wave_no,
        item_count,
        score::decimal(9, 6) as score,
        rater_count,
        raters,
    from stage.line_point
)

select
    p.scope_no,
    p.trait_no::usmallint as measure_no,
    p.segment_no,
    p.wave_no::usmallint as wave_no,
    p.item_count,
    p.score,
    greatest(m.low, p.score::double - m.margin_of_one / sqrt(p.raters))::decimal(9, 6) as low,
    least(m.high, p.score::double + m.margin_of_one / sqrt(p.raters))::decimal(9, 6) as high,
    p.rater_count,
from point as p
inner join stage.margin as m using (wave_no, trait_no)
inner join stage.wave as w using (wave_no)
order by p.scope_no, p.trait_no, w.place
