-- what: the files that one wave of this release came from, by hash
-- grain: one file
-- reader: pipeline.release
select
    l.source_name,
    l.tool,
    l.sha256,
    l.mapping_hash,
    l.suite_hash,
from release.lineage as l
inner join release.wave as w using (wave_no)
where w.wave_id = $wave_id
order by l.source_name, l.sha256
