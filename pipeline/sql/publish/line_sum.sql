-- what: what each point of a line rests on
-- grain: one subject or unit x trait x segment x wave
-- reader: pipeline.publishing.worth
select
    scope_no,
    trait_no,
    segment_no,
    wave_no,
    response_count,
    people_count,
    rating_count,
    item_count,
from stage.line_point
order by scope_no, trait_no, segment_no, wave_no
