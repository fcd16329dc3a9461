-- what: the shown comments of others, each with where it was written and how many unknown people answered there:
--       the fewer of those counted when publishing and of all who answered, counted again
-- grain: one comment as it stands in the release
-- reader: pipeline.prove
with fate as (
    select
        comment_no,
        any_value(written_wave_no) as written_wave_no,
        any_value(subject_no) as subject_no,
        arg_max(response_no, release_no) as response_no,
        bool_or(is_known) as is_known,
    from core.comment_fate
    where release_no <= $release_no
    group by comment_no
),

noted as (
    select
        wave_no,
        subject_no,
        arg_max(rater_count, release_no) as rater_count,
    from core.comment_submitter
    where release_no <= $release_no
    group by wave_no, subject_no
),

answered as (
    select
        r.wave_no,
        r.subject_no,
        count(distinct coalesce(r.rater_no, r.response_no)) as rater_count,
    from core.response as r
    semi join core.answer as a on r.wave_no = a.wave_no and r.response_no = a.response_no
    where r.relationship not in ($self, $manager)
    group by r.wave_no, r.subject_no
)

select
    c.wave_no,
    c.scope_no,
    c.comment_no,
    len(c.signer) > 0 as is_signed,
    coalesce(f.written_wave_no, 0)::integer as written_wave_no,
    coalesce(f.response_no, 0) as response_no,
    coalesce(f.is_known, true) as is_known,
    least(coalesce(n.rater_count, 0), coalesce(a.rater_count, 0))::integer as rater_count,
from proved.comment as c
left join fate as f using (comment_no)
left join noted as n on f.written_wave_no = n.wave_no and f.subject_no = n.subject_no
left join answered as a on f.written_wave_no = a.wave_no and f.subject_no = a.subject_no
where c.group_no = $others_group
order by c.wave_no, c.scope_no, c.place
