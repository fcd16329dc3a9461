-- what: how an earlier publication's blocks overlap with the new ones; an answer changed is a response changed
-- grain: one earlier publication x block then x block now (null: in no block)
-- reader: pipeline.publish (may this wave be published again?)
with earlier as (
    select distinct release_no,
    from core.published_member
    where wave_no = $wave_no and release_no < $release_no
),

seen as (
    select
        release_no,
        block_no,
        response_no,
        content_no,
    from core.published_member
    where wave_no = $wave_no and release_no < $release_no
),

now as (
    select
        e.release_no,
        n.block_no,
        n.response_no,
        n.content_no,
    from stage.published_member as n
    cross join earlier as e
)

select
    release_no,
    s.block_no as before,
    n.block_no as now,
    count(*)::integer as response_count,
from seen as s
full join now as n using (release_no, response_no, content_no)
group by all
order by all
