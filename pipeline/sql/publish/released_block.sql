-- what: the blocks of this wave
-- grain: one block
-- reader: release.block
select
    $wave_no::usmallint as wave_no,
    block_no,
    is_rest,
    scope_no,
    rater_count,
    subject_count,
from stage.block
order by block_no
