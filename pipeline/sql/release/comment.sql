-- what: answers in words about one subject, in the order in which a page shows them
-- grain: one comment, waves by their first day
-- reader: pipeline.release
select
    w.wave_id,
    p.scope_id as subject_id,
    c.group_no,
    c.comment_no,
    c.prompt,
    c.signer,
    c.words,
from release.comment as c
inner join release.scope as p using (scope_no)
inner join release.wave as w using (wave_no)
where p.scope = 'subject' and p.scope_id = $subject_id
order by w.starts_on, w.wave_id, c.group_no, c.place
