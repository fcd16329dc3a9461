-- what: every number of a release about others' answers, shown or hidden; the trait of an item, 0 for events
-- grain: one cell
-- reader: pipeline.prove
with item as (
    select
        w.wave_no,
        m.measure_no,
        t.measure_no as trait_no,
    from core.wave_item as w
    inner join core.item as i using (item_no)
    inner join proved.measure as m on i.item_id = m.measure_id and m.measure = 'item'
    inner join proved.measure as t on w.trait_id = t.measure_id and t.measure = 'trait'
    where not w.is_prompt and not w.is_event
)

select
    c.wave_no,
    c.scope_no,
    p.scope,
    case when p.scope = 'unit' then p.scope_id else '' end as unit_id,
    c.measure_no,
    coalesce(i.trait_no, 0)::integer as trait_no,
    c.reason_no = 0 as is_shown,
    c.score::double as score,
    c.rater_count as rating_count,
    c.pm_count,
    not c.has_interval
    and (c.score, c.low, c.high, c.rater_count, c.pm_count, c.bound_no) = (0, 0, 0, 0, 0, 0) as is_blank,
from proved.cell as c
inner join proved.scope as p using (scope_no)
left join item as i on c.wave_no = i.wave_no and c.measure_no = i.measure_no
where c.group_no = $others_group
order by c.wave_no, c.scope_no, c.measure_no
