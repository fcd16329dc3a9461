-- what: lines over the items that every wave of a segment released; where a wave released others too, its items are
--       looked at once more
-- grain: one subject or unit x trait x wave
-- reader: pipeline.publishing.worth
with point as (
    select
        scope_no,
        trait_no,
        segment_no,
        wave_no,
        rater_count,
        item_count,
        score_sum,
        rating_count,
    from stage.line_set
    where kept_items = items
    union all
    select
        s.scope_no,
        s.trait_no,
        s.segment_no,
        s.wave_no,
        any_value(s.rater_count) as rater_count,
        count(*) as item_count,
        sum(c.score) as score_sum,
        sum(c.rater_count) as rating_count,
    from stage.line_set as s
    inner join stage.line_item as i on s.wave_no = i.wave_no and s.trait_no = i.trait_no
    inner join every.cell as c
        on s.scope_no = c.scope_no and s.wave_no = c.wave_no and i.measure_no = c.measure_no
    where
        s.kept_items <> s.items and s.kept_items & i.item <> 0 and c.group_no = $others_group and c.reason_no = 0
    group by s.scope_no, s.trait_no, s.segment_no, s.wave_no
),

trait as (
    select
        wave_no,
        trait_no,
        count(*) as item_count,
    from stage.wave_item
    where not is_event
    group by wave_no, trait_no
)

select
    p.scope_no,
    p.trait_no,
    p.segment_no,
    p.wave_no,
    p.item_count::integer as shown_item_count,
    (p.score_sum::double / p.item_count)::decimal(9, 6) as score,
    p.rater_count,
    coalesce(l.response_count, p.rater_count)::double as response_count,
    coalesce(l.people_count, p.rater_count)::double as people_count,
    p.rating_count::double as rating_count,
    t.item_count::double as item_count,
from point as p
inner join trait as t using (wave_no, trait_no)
inner join stage.wave as w using (wave_no)
left join every.unit_load as l on p.scope_no = l.scope_no and p.wave_no = l.wave_no
order by p.scope_no, p.trait_no, w.place
