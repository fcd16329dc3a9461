-- what: which response, with which content, stood in which block; a content's number is the sum of one number per item
--       and answer, taken from MD5: no two changes cancel, and it is the same in every version of DuckDB
-- grain: one response of the wave that is in a block
-- reader: core.published_member
with content as (
    select
        wave_no,
        subject_no,
        response_no,
        sum(md5_number_lower(concat_ws(' ', item_no, coalesce(value::varchar, 'not observed'))))::hugeint
            as content_no,
    from core.answer
    where wave_no = $wave_no and relationship not in ($self, $manager)
    group by wave_no, subject_no, response_no
)

select
    c.wave_no,
    $release_no::integer as release_no,
    m.block_no,
    c.subject_no,
    c.response_no,
    r.rater_no,
    c.content_no,
from content as c
inner join stage.block_member as m using (subject_no)
inner join core.response as r using (wave_no, subject_no, response_no)
