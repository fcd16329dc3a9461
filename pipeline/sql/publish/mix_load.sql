-- what: responses behind those who stayed in a unit, moved, came or left, of a trait: who does both in different items
--       counts in both
-- grain: one unit x trait x wave of the change x cohort
-- reader: pipeline.publishing.mix_ground
with member as (
    select
        unit_id,
        trait_no,
        mix_place,
        cohort,
        follow_no,
        any_value(response_count) as response_count,
    from stage.mix_member
    group by unit_id, trait_no, mix_place, cohort, follow_no
),

overlap as (
    select
        p.scope_id as unit_id,
        w.mix_place,
        l.response_count / l.people_count as load,
    from release.unit_load as l
    inner join stage.mix_wave as w using (wave_no)
    inner join release.scope as p using (scope_no)
)

select
    m.unit_id,
    m.trait_no,
    m.mix_place,
    m.cohort,
    sum(m.response_count)::double as response_count,
    coalesce(any_value(o.load), 1)::double as load,
from member as m
left join overlap as o using (unit_id, mix_place)
group by m.unit_id, m.trait_no, m.mix_place, m.cohort
order by m.unit_id, m.trait_no, m.mix_place, m.cohort
