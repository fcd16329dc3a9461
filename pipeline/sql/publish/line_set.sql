-- what: the items that each wave of a line released, and those that every wave of its segment did; a segment ends
--       where none is left. Most lines are one segment; only for the others is looked where it ends
-- grain: one subject or unit x trait x wave
-- reader: publish/line_point
with recursive had as (
    select
        c.scope_no,
        i.trait_no,
        c.wave_no,
        bit_or(i.item) as items,
        count(*) filter (where i.item <> 0) as item_count,
        sum(c.score) filter (where i.item <> 0) as score_sum,
        sum(c.rater_count) filter (where i.item <> 0) as rating_count,
        max(c.rater_count) filter (where i.item = 0) as rater_count,
    from every.cell as c
    semi join fresh.scope as a on c.scope_no = a.scope_no and a.scope in ('subject', 'unit')
    inner join stage.line_item as i on c.wave_no = i.wave_no and c.measure_no = i.measure_no
    where c.group_no = $others_group and c.reason_no = 0
    group by c.scope_no, i.trait_no, c.wave_no
),

whole as (
    select
        scope_no,
        trait_no,
        bit_and(items) as items,
    from had
    group by scope_no, trait_no
),

visited as (
    select
        h.scope_no,
        h.trait_no,
        h.wave_no,
        h.items,
        row_number() over (partition by h.scope_no, h.trait_no order by w.place) as visit,
    from had as h
    semi join whole as l on h.scope_no = l.scope_no and h.trait_no = l.trait_no and l.items = 0
    inner join stage.wave as w using (wave_no)
),

step as (
    select
        scope_no,
        trait_no,
        wave_no,
        visit,
        1 as segment_no,
        items,
    from visited
    where visit = 1
    union all
    select
        n.scope_no,
        n.trait_no,
        n.wave_no,
        n.visit,
        case when s.items & n.items <> 0 then s.segment_no else s.segment_no + 1 end as segment_no,
        case when s.items & n.items <> 0 then s.items & n.items else n.items end as items,
    from step as s
    inner join visited as n on s.scope_no = n.scope_no and s.trait_no = n.trait_no and n.visit = s.visit + 1
),

kept as (
    select
        scope_no,
        trait_no,
        wave_no,
        segment_no,
        last_value(items) over (
            partition by scope_no, trait_no, segment_no
            order by visit rows between unbounded preceding and unbounded following
        ) as kept_items,
    from step
)

select
    h.scope_no,
    h.trait_no,
    h.wave_no,
    coalesce(k.segment_no, 1) as segment_no,
    h.items,
    coalesce(k.kept_items, l.items) as kept_items,
    h.item_count,
    h.score_sum,
    h.rating_count,
    h.rater_count,
from had as h
inner join whole as l using (scope_no, trait_no)
left join kept as k using (scope_no, trait_no, wave_no)
