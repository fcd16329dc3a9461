-- what: responses behind those who stayed in a unit, moved, came or left, of a trait: who does both in different items
--       counts in both
-- grain: one unit x trait x wave of the change x cohort
-- reader: pipeline.publishing.mix_ground
with trait as (
    select distinct
        set_no,
        other_set_no,
        trait_no,
        is_shared,
    from stage.mix_shared
),

pair as (
    select
        t.trait_no,
        p.mix_place,
        p.unit_no,
        case when t.is_shared then p.other_unit_no else 0 end as other_unit_no,
        sum(p.response_count) as response_count,
    from stage.mix_pair as p
    inner join trait as t using (set_no, other_set_no)
    group by t.trait_no, p.mix_place, p.unit_no, case when t.is_shared then p.other_unit_no else 0 end
),

overlap as (
    select
        l.scope_no as unit_no,
        w.mix_place,
        l.response_count / l.people_count as load,
    from every.unit_load as l
    inner join stage.mix_wave as w using (wave_no)
)

select
    c.above_no as unit_no,
    p.trait_no,
    p.mix_place,
    c.cohort,
    sum(p.response_count)::double as response_count,
    coalesce(any_value(l.load), 1)::double as load,
from pair as p
inner join stage.mix_side as c using (unit_no, other_unit_no)
left join overlap as l on c.above_no = l.unit_no and p.mix_place = l.mix_place
group by c.above_no, p.trait_no, p.mix_place, c.cohort
