-- what: how many responses stand behind each unit, slice and shown relationship, and how many people at least gave
--       them: those whom files name; else as many as answered about one subject, or as the largest load of the frozen
--       assignments leaves
-- grain: one unit or slice with a block, or shown relationship in a unit
-- reader: release.unit_load
with answered as (
    select distinct response_no,
    from core.answer
    where wave_no = $wave_no
),

other as (
    select
        m.block_no,
        r.subject_no,
        r.relationship,
        r.rater_no,
        s.kind <> $rest_kind as is_one_subject,
    from core.response as r
    semi join answered using (response_no)
    inner join core.subject as s using (subject_no)
    inner join stage.block_member as m using (subject_no)
    where r.wave_no = $wave_no and r.relationship not in ($self, $manager)
),

response as (
    select
        u.scope_no,
        r.subject_no,
        r.rater_no,
        r.is_one_subject,
    from other as r
    inner join stage.unit_block as u using (block_no)
    union all
    select
        t.scope_no,
        r.subject_no,
        r.rater_no,
        r.is_one_subject,
    from other as r
    inner join stage.relationship_block as t using (block_no, relationship)
),

subject as (
    select
        scope_no,
        subject_no,
        count(*) as response_count,
        count(*) filter (where rater_no is null) as unnamed_count,
        case when any_value(is_one_subject) then unnamed_count else 1 end as least_count,
    from response
    group by scope_no, subject_no
),

named as (
    select
        scope_no,
        count(distinct rater_no) as named_count,
    from response
    group by scope_no
)

select
    $wave_no::usmallint as wave_no,
    s.scope_no,
    sum(s.response_count)::integer as response_count,
    greatest(
        max(n.named_count),
        max(s.least_count),
        case when $largest_load > 0 then ceil(sum(s.unnamed_count) / $largest_load) else 0 end
    )::integer as people_count,
from subject as s
inner join named as n using (scope_no)
group by s.scope_no
order by s.scope_no
