-- what: what a release holds of each wave, for people who do not open the file
-- grain: one wave
-- reader: pipeline.publish (becomes the manifest beside the release)
with block as (
    select
        wave_no,
        count(*) filter (where not is_rest) as own_block_count,
        count(*) filter (where is_rest) as rest_block_count,
    from release.block
    group by wave_no
),

subject as (
    select
        wave_no,
        count(*) as subject_count,
    from release.subject
    group by wave_no
),

cell as (
    select
        wave_no,
        count(*) filter (where reason_no = 0) as released_count,
        count(*) filter (where reason_no > 0) as suppressed_count,
    from release.cell
    group by wave_no
),

file as (
    select
        wave_no,
        list(sha256 order by sha256) as files,
    from release.lineage
    group by wave_no
)

select
    w.wave_id,
    w.state,
    w.instrument_id,
    w.instrument_version,
    w.instrument_hash,
    w.policy_hash,
    coalesce(f.files, []) as files,
    coalesce(s.subject_count, 0)::integer as subject_count,
    coalesce(b.own_block_count, 0)::integer as own_block_count,
    coalesce(b.rest_block_count, 0)::integer as rest_block_count,
    coalesce(c.released_count, 0)::integer as released_count,
    coalesce(c.suppressed_count, 0)::integer as suppressed_count,
from release.wave as w
left join block as b using (wave_no)
left join subject as s using (wave_no)
left join cell as c using (wave_no)
left join file as f using (wave_no)
order by w.starts_on, w.wave_id
