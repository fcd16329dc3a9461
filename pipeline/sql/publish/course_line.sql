-- what: the stretch of each line that reaches this wave, as far as the waves go that changes are judged from
-- grain: one subject or unit x trait x wave
-- reader: pipeline.publishing.courses
with current as (
    select
        scope_no,
        trait_no,
        segment_no,
    from stage.line_point
    where wave_no = $wave_no
)

select
    p.scope_no,
    p.trait_no,
    w.course_place,
    p.score::decimal(9, 6)::double as score,
    p.raters,
from stage.line_point as p
semi join current using (scope_no, trait_no, segment_no)
inner join stage.course_wave as w using (wave_no)
