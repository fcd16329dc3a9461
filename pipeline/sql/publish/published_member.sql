-- what: which response, with which content, stood in which block; a content's number is the sum of one number per item
--       and answer, taken from MD5: no two changes cancel, and it is the same in every version of DuckDB
-- grain: one response of the wave that is in a block
-- reader: core.published_member
with said as (
    select distinct
        item_no,
        value,
    from core.answer
    where wave_no = $wave_no
),

numbered as (
    select
        item_no,
        value,
        md5_number_lower(concat_ws(' ', item_no, coalesce(value::varchar, 'not observed'))) as said_no,
    from said
),

content as (
    select
        a.subject_no,
        a.response_no,
        sum(n.said_no)::hugeint as content_no,
    from core.answer as a
    inner join numbered as n on a.item_no = n.item_no and a.value is not distinct from n.value
    where a.wave_no = $wave_no and a.relationship not in ($self, $manager)
    group by a.subject_no, a.response_no
)

select
    r.wave_no,
    $release_no::integer as release_no,
    m.block_no,
    c.subject_no,
    c.response_no,
    r.rater_no,
    c.content_no,
from content as c
inner join stage.block_member as m using (subject_no)
inner join core.response as r using (subject_no, response_no)
where r.wave_no = $wave_no
