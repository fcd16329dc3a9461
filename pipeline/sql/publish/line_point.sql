-- what: lines over the items that every wave of a segment released; a segment ends where none is left; sets of a
--       trait's items are bits of one number
-- grain: one subject or unit x trait x wave
-- reader: pipeline.publishing.worth, publish/line
with recursive place as (
    select
        measure_no,
        1::hugeint << (row_number() over (partition by trait_no order by measure_no) - 1)::integer as item,
    from stage.wave_item
    where not is_event
    group by trait_no, measure_no
),

shown as (
    select
        c.scope_no,
        i.trait_no,
        w.place,
        c.wave_no,
        p.item,
        c.score,
        c.rater_count,
    from release.cell as c
    semi join release.scope as a on c.scope_no = a.scope_no and a.scope in ('subject', 'unit')
    inner join stage.wave as w using (wave_no)
    inner join stage.wave_item as i on c.wave_no = i.wave_no and c.measure_no = i.measure_no
    inner join place as p on c.measure_no = p.measure_no
    where c.group_no = $others_group and c.reason_no = 0 and not i.is_event
),

had as (
    select
        scope_no,
        trait_no,
        wave_no,
        bit_or(item) as items,
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
        case when s.items & n.items <> 0 then s.segment_no else s.segment_no + 1 end as segment_no,
        case when s.items & n.items <> 0 then s.items & n.items else n.items end as items,
    from step as s
    inner join had as n on s.scope_no = n.scope_no and s.trait_no = n.trait_no and n.visit = s.visit + 1
),

kept as (
    select
        scope_no,
        trait_no,
        segment_no,
        wave_no,
        last_value(items) over (
            partition by scope_no, trait_no, segment_no
            order by visit rows between unbounded preceding and unbounded following
        ) as items,
    from step
),

point as (
    select
        k.scope_no,
        k.trait_no,
        k.segment_no,
        k.wave_no,
        count(*) as item_count,
        (sum(x.score)::double / count(*))::decimal(9, 6) as score,
        sum(x.rater_count) as rating_count,
    from kept as k
    inner join shown as x on k.scope_no = x.scope_no and k.trait_no = x.trait_no and k.wave_no = x.wave_no
    where k.items & x.item <> 0
    group by k.scope_no, k.trait_no, k.segment_no, k.wave_no
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
    p.score,
    c.rater_count,
    coalesce(l.response_count, c.rater_count)::double as response_count,
    coalesce(l.people_count, c.rater_count)::double as people_count,
    p.rating_count::double as rating_count,
    t.item_count::double as item_count,
from point as p
inner join trait as t using (wave_no, trait_no)
inner join release.cell as c
    on
        p.scope_no = c.scope_no
        and p.wave_no = c.wave_no
        and p.trait_no = c.measure_no
        and c.group_no = $others_group
left join release.unit_load as l on p.scope_no = l.scope_no and p.wave_no = l.wave_no
order by p.scope_no, p.trait_no, p.segment_no, p.wave_no
