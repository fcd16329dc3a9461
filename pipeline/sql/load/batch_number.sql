-- what: the highest batch number given so far
-- grain: one row
-- reader: pipeline.ledger
select coalesce(max(batch_no), 0) as batch_no,
from raw.batch
