-- what: who answered in each block, by subject and relationship: the unknown raters by pseudonym, and how many nobody
--       names; whoever may open a page about a subject of the block is known in all of it
-- grain: one block x subject x relationship
-- reader: pipeline.publishing.relationships
with known as (
    select distinct
        m.block_no,
        k.rater_no,
    from stage.known_rater as k
    inner join stage.block_member as m using (subject_no)
)

select
    r.block_no,
    r.subject_no,
    r.relationship,
    coalesce(
        list(distinct r.rater_no order by r.rater_no) filter (r.rater_no is not null and k.rater_no is null), []
    ) as raters,
    count(*) filter (r.rater_no is null)::integer as unnamed_count,
from stage.response as r
left join known as k using (block_no, rater_no)
group by r.block_no, r.subject_no, r.relationship
order by r.block_no, r.subject_no, r.relationship
