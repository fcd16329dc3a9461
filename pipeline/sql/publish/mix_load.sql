-- what: responses behind those who stayed in a unit (0), moved (1), came or left (2), of a trait: who does both in
--       different items counts in both
-- grain: one unit x trait x wave of the change x cohort
-- reader: pipeline.publishing.mix_ground
with member as (
    select
        trait_no,
        mix_place,
        unit_no,
        other_unit_no,
        any_value(response_count) as response_count,
    from stage.mix_pair
    group by trait_no, mix_place, follow_no, unit_no, other_unit_no
),

pair as (
    select
        trait_no,
        mix_place,
        unit_no,
        other_unit_no,
        sum(response_count) as response_count,
    from member
    group by trait_no, mix_place, unit_no, other_unit_no
),

overlap as (
    select
        l.scope_no as unit_no,
        w.mix_place,
        l.response_count / l.people_count as load,
    from release.unit_load as l
    inner join stage.mix_wave as w using (wave_no)
)

select
    a.above_no as unit_no,
    p.trait_no,
    p.mix_place,
    case when o.above_no is not null then 0 when p.other_unit_no > 0 then 1 else 2 end as cohort,
    sum(p.response_count)::double as response_count,
    coalesce(any_value(l.load), 1)::double as load,
from pair as p
inner join stage.mix_above as a using (unit_no)
left join stage.mix_above as o on p.other_unit_no = o.unit_no and a.above_no = o.above_no
left join overlap as l on a.above_no = l.unit_no and p.mix_place = l.mix_place
group by a.above_no, p.trait_no, p.mix_place, cohort
