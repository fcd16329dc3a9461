-- what: the lines of a release
-- grain: one subject or unit x trait x wave
-- reader: pipeline.prove
select
    scope_no,
    measure_no as trait_no,
    segment_no,
    wave_no,
    score::double as score,
from proved.line
order by scope_no, measure_no, segment_no, wave_no
