-- what: what became of every comment in the latest release that decided about it
-- grain: one comment
-- reader: pipeline.publishing.comments
select
    comment_no,
    arg_max(wave_no, release_no) as wave_no,
    arg_max(fate, release_no) as fate,
    bool_or(is_known) as is_known,
    max(needed_submitters) as needed_submitters,
    max(needed_authors) as needed_authors,
    any_value(written_wave_no) as written_wave_no,
from core.comment_fate
where release_no < $release_no
group by comment_no
order by comment_no
