-- what: lines over the items that every wave of a segment released; a segment ends where none is left
-- grain: one subject or unit x trait x wave
-- reader: release.line
with recursive shown as (
    select
        c.scope_no,
        i.trait_no,
        w.place,
        c.wave_no,
        c.measure_no,
        c.score,
        c.rater_count,
    from release.cell as c
    inner join stage.wave as w using (wave_no)
    inner join stage.wave_item as i on c.wave_no = i.wave_no and c.measure_no = i.measure_no
    where c.group_no = $others_group and c.reason_no = 0 and not i.is_event
),

had as (
    select
        scope_no,
        trait_no,
        wave_no,
        list(measure_no) as items,
        row_number() over (partition by scope_no, trait_no order by place) as visit,
    from shown
    group by scope_no, trait_no, wave_no, place
),

step as (
    select
        scope_no,
        trait_no,
        wave_no,
        visit,
        1 as segment_no,
        items,
    from had
    where visit = 1
    union all
    select
        n.scope_no,
        n.trait_no,
        n.wave_no,
        n.visit,
        case when list_has_any(s.items, n.items) then s.segment_no else s.segment_no + 1 end as segment_no,
        case when list_has_any(s.items, n.items) then list_intersect(s.items, n.items) else n.items end as items,
    from step as s
    inner join had as n on s.scope_no = n.scope_no and s.trait_no = n.trait_no and n.visit = s.visit + 1
),

kept as (
    select
        scope_no,
        trait_no,
        segment_no,
        arg_max(items, visit) as items,
        list(wave_no) as waves,
    from step
    group by scope_no, trait_no, segment_no
),

point as (
    select
        x.scope_no,
        x.trait_no,
        k.segment_no,
        x.wave_no,
        count(*) as item_count,
        (sum(x.score)::double / count(*))::decimal(9, 6) as score,
        avg(x.rater_count) as rating_count,
    from kept as k
    inner join shown as x on k.scope_no = x.scope_no and k.trait_no = x.trait_no
    where list_contains(k.waves, x.wave_no) and list_contains(k.items, x.measure_no)
    group by x.scope_no, x.trait_no, k.segment_no, x.wave_no
)

select
    p.scope_no,
    p.trait_no as measure_no,
    p.segment_no,
    p.wave_no,
    p.item_count::integer as item_count,
    p.score,
    greatest(m.low, p.score::double - m.margin_of_one / sqrt(p.rating_count))::decimal(9, 6) as low,
    least(m.high, p.score::double + m.margin_of_one / sqrt(p.rating_count))::decimal(9, 6) as high,
    t.rater_count,
from point as p
inner join stage.margin as m on p.wave_no = m.wave_no and p.trait_no = m.trait_no
inner join stage.wave as w on p.wave_no = w.wave_no
inner join release.cell as t
    on
        p.scope_no = t.scope_no
        and p.wave_no = t.wave_no
        and p.trait_no = t.measure_no
        and t.group_no = $others_group
order by p.scope_no, p.trait_no, w.place
