-- what: which places lie in which unit or slice
-- grain: one unit or slice x place
-- reader: publish/scope_count, publish/item_score, publish/unit_load, publish/favourable_count
with place as (
    select
        place_no,
        pm_type,
        stage,
        string_split(unit_id, '/') as parts,
    from stage.place
),

around as (
    select
        place_no,
        'unit' as scope,
        unnest([array_to_string(parts[:i], '/') for i in range(1, len(parts) + 1)]) as scope_id, -- noqa: PRS
    from place
    union all
    select
        place_no,
        'slice' as scope,
        unnest(['pm_type/' || pm_type, 'stage/' || stage]) as scope_id,
    from place
)

select
    s.scope_no,
    a.place_no,
from around as a
inner join fresh.scope as s using (scope, scope_id)
order by s.scope_no, a.place_no
