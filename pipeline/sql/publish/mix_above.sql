-- what: the units that a unit lies in, itself among them
-- grain: one unit x unit around it
-- reader: publish/mix_side
with unit as (
    select
        scope_no,
        scope_id,
        string_split(scope_id, '/') as parts,
    from fresh.scope
    where scope = 'unit'
),

around as (
    select
        scope_no,
        unnest([array_to_string(parts[:i], '/') for i in range(1, len(parts) + 1)]) as scope_id, -- noqa: PRS
    from unit
)

select
    a.scope_no as unit_no,
    u.scope_no as above_no,
from around as a
inner join unit as u using (scope_id)
