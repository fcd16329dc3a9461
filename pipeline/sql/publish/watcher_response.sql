-- what: which people who may open others' pages answered about whom, by pseudonym; self and manager are shown with
--       their author anyway
-- grain: one subject x rater
-- reader: pipeline.publishing.known
select distinct
    r.subject_no,
    s.subject_id,
    r.rater_no,
from core.response as r
inner join core.subject as s using (subject_no)
semi join stage.watcher using (rater_no)
semi join core.answer as a on r.wave_no = a.wave_no and r.response_no = a.response_no
where r.wave_no = $wave_no and r.relationship not in ($self, $manager)
order by r.subject_no, r.rater_no
