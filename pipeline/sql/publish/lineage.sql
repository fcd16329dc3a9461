-- what: the files of one wave that count, by hash
-- grain: one file
-- reader: release.lineage
select distinct
    $wave_no::usmallint as wave_no,
    source_name,
    tool,
    sha256,
    mapping_hash,
    suite_hash,
from raw.batch
where wave_id = $wave_id and state = 'loaded'
order by source_name, sha256, mapping_hash, suite_hash, tool
