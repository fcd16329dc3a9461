-- what: how an earlier publication's blocks overlap with the new ones, compared in two ways: a response is the same if
--       it has its number and its content, or if the subject has as many responses of that content (numbers taken from
--       lines of a file say nothing about another file)
-- grain: one earlier publication x way of comparing x block then x block now (null: in no block)
-- reader: pipeline.publish (may this wave be published again?)
with seen as (
    select
        release_no,
        block_no,
        subject_no,
        response_no,
        rater_no,
        content_no,
    from core.published_member
    where wave_no = $wave_no and release_no < $release_no
),

earlier as (
    select distinct release_no,
    from seen
),

now as (
    select
        e.release_no,
        n.block_no,
        n.subject_no,
        n.response_no,
        n.rater_no,
        n.content_no,
    from stage.published_member as n
    cross join earlier as e
),

seen_key as (
    select
        *,
        false as is_by_content,
        response_no as key_no,
    from seen
    union all
    select
        *,
        true as is_by_content,
        row_number() over (partition by release_no, subject_no, content_no order by response_no) as key_no,
    from seen
),

now_key as (
    select
        *,
        false as is_by_content,
        response_no as key_no,
    from now
    union all
    select
        *,
        true as is_by_content,
        row_number() over (partition by release_no, subject_no, content_no order by response_no) as key_no,
    from now
),

move as (
    select
        release_no,
        is_by_content,
        subject_no,
        s.block_no as before,
        n.block_no as now,
        coalesce(s.rater_no, n.rater_no) as rater_no,
    from seen_key as s
    full join now_key as n using (release_no, is_by_content, subject_no, content_no, key_no)
),

counted as (
    select
        *,
        count(*) over (partition by release_no, is_by_content, before, now, subject_no) as subject_count,
    from move
)

select
    release_no,
    is_by_content,
    before,
    now,
    greatest(count(distinct rater_no), max(subject_count))::integer as rater_count,
from counted
group by all
order by all
