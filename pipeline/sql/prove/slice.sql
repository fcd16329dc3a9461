-- what: which blocks lie in which slice, as a whole: all of their PMs have its value
-- grain: one slice x block
-- reader: pipeline.prove
with born as (
    select
        wave_no,
        max(release_no) as release_no,
    from core.published_member
    where release_no <= $release_no
    group by wave_no
),

member as (
    select distinct
        m.wave_no,
        m.block_no,
        s.subject_id,
    from core.published_member as m
    semi join born using (wave_no, release_no)
    inner join core.subject as s using (subject_no)
),

subject as (
    select
        s.wave_no,
        p.scope_id as subject_id,
        s.pm_type,
        s.stage,
    from proved.subject as s
    inner join proved.scope as p using (scope_no)
),

slice as (
    select
        scope_no,
        split_part(scope_id, '/', 1) as kind,
        array_to_string(string_split(scope_id, '/')[2:], '/') as value,
    from proved.scope
    where scope = 'slice'
)

select
    m.wave_no,
    p.scope_no,
    m.block_no,
from member as m
cross join slice as p
left join subject as s using (wave_no, subject_id)
group by m.wave_no, p.scope_no, m.block_no
having bool_and(coalesce(case p.kind when 'stage' then s.stage else s.pm_type end = p.value, false))
order by m.wave_no, p.scope_no, m.block_no
