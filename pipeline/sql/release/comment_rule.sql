-- what: how many have to answer and to write before words of others are shown
-- grain: one wave, by its first day
-- reader: pipeline.release
select
    w.wave_id,
    r.needed_submitters,
    r.needed_authors,
from release.comment_rule as r
inner join release.wave as w using (wave_no)
order by w.starts_on, w.wave_id
