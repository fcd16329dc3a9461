-- what: what became of every row and answer received; the four outcomes exclude each other
-- grain: one file
-- reader: pipeline.load
select
    count(*) filter (where starts_row) as row_received_count,
    count(*) filter (where starts_row and row_rule = 0 and not is_superseded) as row_loaded_count,
    count(*) filter (where starts_row and row_rule = 0 and is_superseded) as row_superseded_count,
    count(*) filter (where starts_row and row_rule > 0) as row_quarantined_count,
    count(*) filter (where reading > 0) as answer_received_count,
    count(*) filter (
        where reading > 0 and row_rule = 0 and not is_superseded and answer_rule = 0
    ) as answer_loaded_count,
    count(*) filter (where reading > 0 and row_rule = 0 and is_superseded) as answer_superseded_count,
    count(*) filter (
        where reading > 0 and (row_rule > 0 or (not is_superseded and answer_rule > 0))
    ) as answer_quarantined_count,
from landed
