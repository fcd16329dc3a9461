-- what: how many responses stand behind each unit, slice and shown relationship, and how many people at least gave
--       them: those whom files name; else as many as answered about one subject, or as the largest load of the frozen
--       assignments leaves
-- grain: one unit or slice with a block, or shown relationship in a unit
-- reader: release.unit_load
with whole as (
    select
        place_no,
        subject_no,
        count(*) as response_count,
        count(*) filter (where rater_no is null) as unnamed_count,
    from stage.response
    group by place_no, subject_no
),

subject as (
    select
        u.scope_no,
        w.subject_no,
        w.response_count,
        w.unnamed_count,
    from whole as w
    inner join stage.unit_place as u using (place_no)
    union all
    select
        t.scope_no,
        r.subject_no,
        count(*) as response_count,
        count(*) filter (where r.rater_no is null) as unnamed_count,
    from stage.response as r
    inner join stage.relationship_block as t using (block_no, relationship)
    group by t.scope_no, r.subject_no
),

rater as (
    select
        u.scope_no,
        r.rater_no,
    from stage.response as r
    inner join stage.unit_place as u using (place_no)
    union all
    select
        t.scope_no,
        r.rater_no,
    from stage.response as r
    inner join stage.relationship_block as t using (block_no, relationship)
),

named as (
    select
        scope_no,
        count(distinct rater_no) as named_count,
    from rater
    group by scope_no
)

select
    $wave_no::usmallint as wave_no,
    s.scope_no,
    sum(s.response_count)::integer as response_count,
    greatest(
        max(n.named_count),
        max(case when p.kind = $rest_kind then 1 else s.unnamed_count end),
        case when $largest_load > 0 then ceil(sum(s.unnamed_count) / $largest_load) else 0 end
    )::integer as people_count,
from subject as s
inner join core.subject as p using (subject_no)
inner join named as n using (scope_no)
group by s.scope_no
order by s.scope_no
