-- what: the instruments of the release before, without the one of this wave
-- grain: one instrument version
-- reader: release.instrument
select
    instrument_id,
    version,
    content_hash,
    document,
from previous.instrument
where not (instrument_id = $instrument_id and version = $instrument_version)
