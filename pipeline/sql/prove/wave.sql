-- what: the published waves of a release and what was promised for them
-- grain: one wave
-- reader: pipeline.prove
select
    wave_no,
    wave_id,
    policy_hash,
    min_raters,
    min_pms,
from proved.wave
where state = 'published'
order by wave_no
