-- what: in how many forms each wave was published so far; more than one: withdrawn, and published again changed
-- grain: one wave that was ever published
-- reader: pipeline.publishing.mix_ground
select
    wave_no,
    count(distinct release_no) as form_count,
from core.published_member
group by wave_no
order by wave_no
