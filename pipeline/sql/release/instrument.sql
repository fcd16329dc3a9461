-- what: one instrument version's canonical document
-- grain: one instrument version
-- reader: pipeline.release
select array_to_string(document, '') as document,
from release.instrument
where instrument_id = $instrument_id and version = $version
