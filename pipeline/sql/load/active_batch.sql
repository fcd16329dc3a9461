-- what: the files whose answers count in a wave
-- grain: one loaded batch
-- reader: pipeline.run
select
    batch_no,
    source_name,
    sha256,
    mapping_hash,
    loaded_at,
    row_loaded_count,
from raw.batch
where wave_id = $wave_id and state = 'loaded'
order by batch_no
