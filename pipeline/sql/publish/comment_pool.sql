-- what: answers in words about subjects of this wave: those written in it, and in earlier waves where some still wait;
--       two equal texts of one prompt are told apart by counting, so that a corrected file brings nothing back
-- grain: one comment
-- reader: pipeline.publishing.comments
select
    c.wave_no as written_wave_no,
    c.subject_no,
    s.scope_no,
    c.relationship,
    c.response_no,
    i.item_id as prompt_id,
    c.text as words,
    coalesce(c.signed_by, '') as signed_by,
    row_number() over (
        partition by c.wave_no, c.subject_no, c.relationship in ($self, $manager), c.item_no, c.text, c.signed_by
        order by c.response_no
    ) as occurrence,
    c.wave_no = $wave_no and k.rater_no is not null as is_known,
from core.comment as c
inner join stage.subject as s using (subject_no)
inner join core.item as i using (item_no)
left join core.response as r
    on c.wave_no = r.wave_no and c.subject_no = r.subject_no and c.response_no = r.response_no
left join stage.known_rater as k on r.subject_no = k.subject_no and r.rater_no = k.rater_no
where c.wave_no = $wave_no or list_contains($waiting_waves, c.wave_no)
order by c.wave_no, c.subject_no, c.relationship, c.item_no, c.text, c.response_no
