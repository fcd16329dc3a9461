-- what: who answered in each block, by subject and relationship: the unknown raters by pseudonym, and how many nobody
--       names; whoever may open a page about a subject of the block is known in all of it
-- grain: one block x subject x relationship
-- reader: pipeline.publishing.relationships
with answered as (
    select distinct response_no,
    from core.answer
    where wave_no = $wave_no
),

known as (
    select distinct
        m.block_no,
        k.rater_no,
    from stage.known_rater as k
    inner join stage.block_member as m using (subject_no)
)

select
    m.block_no,
    r.subject_no,
    r.relationship,
    coalesce(
        list(distinct r.rater_no order by r.rater_no) filter (r.rater_no is not null and k.rater_no is null), []
    ) as raters,
    count(*) filter (r.rater_no is null)::integer as unnamed_count,
from core.response as r
semi join answered using (response_no)
inner join stage.block_member as m using (subject_no)
left join known as k on m.block_no = k.block_no and r.rater_no = k.rater_no
where r.wave_no = $wave_no and r.relationship not in ($self, $manager)
group by m.block_no, r.subject_no, r.relationship
order by m.block_no, r.subject_no, r.relationship
