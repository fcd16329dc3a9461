-- what: responses of others that are in a block; one without a single answer does not count
-- grain: one response
-- reader: publish/unit_load, publish/relationship_count, publish/share
with answered as (
    select distinct response_no,
    from core.answer
    where wave_no = $wave_no
)

select
    m.block_no,
    b.place_no,
    r.subject_no,
    r.relationship,
    r.rater_no,
from core.response as r
semi join answered using (response_no)
inner join stage.block_member as m using (subject_no)
inner join stage.block as b using (block_no)
where r.wave_no = $wave_no and r.relationship not in ($self, $manager)
