-- what: how much came in with the files of one wave that count
-- grain: one row
-- reader: pipeline.publish (becomes part of release.wave)
select
    coalesce(sum(row_received_count), 0)::bigint as row_received_count,
    coalesce(sum(row_loaded_count), 0)::bigint as row_loaded_count,
    coalesce(sum(answer_received_count), 0)::bigint as answer_received_count,
    coalesce(sum(answer_loaded_count), 0)::bigint as answer_loaded_count,
from raw.batch
where wave_id = $wave_id and state = 'loaded'
