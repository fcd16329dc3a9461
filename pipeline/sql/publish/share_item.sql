-- what: the same of those who rated an item, in the blocks that released it
-- grain: one item x block x subject x relationship
-- reader: pipeline.publishing.relationships
with known as (
    select distinct
        m.block_no,
        k.rater_no,
    from stage.known_rater as k
    inner join stage.block_member as m using (subject_no)
)

select
    i.measure_no,
    m.block_no,
    a.subject_no,
    a.relationship,
    coalesce(
        list(distinct r.rater_no order by r.rater_no) filter (r.rater_no is not null and k.rater_no is null), []
    ) as raters,
    count(*) filter (r.rater_no is null)::integer as unnamed_count,
from core.answer as a
inner join core.response as r using (wave_no, subject_no, response_no)
inner join stage.block_member as m using (subject_no)
inner join stage.item as i using (item_no)
semi join stage.block_item as b on m.block_no = b.block_no and i.measure_no = b.measure_no
left join known as k on m.block_no = k.block_no and r.rater_no = k.rater_no
where a.wave_no = $wave_no and a.value is not null and a.relationship not in ($self, $manager)
group by i.measure_no, m.block_no, a.subject_no, a.relationship
order by i.measure_no, m.block_no, a.subject_no, a.relationship
