-- what: how many numbers of a release are what self or manager said, shown with their author
-- grain: one row
-- reader: pipeline.replay
select count(*)::integer as cell_count,
from proved.cell
where group_no <> $others_group
