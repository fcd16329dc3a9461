-- what: which response, with which content, stood in which block; the content number is plain
--       arithmetic, so that it stays the same in every version of DuckDB
-- grain: one response of the wave that is in a block
-- reader: core.published_member
select
    a.wave_no,
    $release_no::integer as release_no,
    m.block_no,
    a.response_no,
    sum(
        (coalesce((a.value * 1000000)::bigint, 0) + case when a.is_not_observed then 999 else 17 end)
        * ((a.item_no::bigint * 2654435761) % 2147483647 + 1)
    )::hugeint as content_no,
from core.answer as a
inner join stage.block_member as m using (subject_no)
where a.wave_no = $wave_no and a.relationship not in ($self, $manager)
group by a.wave_no, m.block_no, a.response_no
