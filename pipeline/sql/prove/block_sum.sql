-- what: the coded sums of one wave of a release as if one subject of each block had them, in the shape of mart.item
-- grain: one block x item
-- reader: pipeline.replay
with born as (
    select max(release_no) as release_no,
    from core.published_member
    where wave_no = $wave_no and release_no <= $release_no
),

member as (
    select
        m.block_no,
        min(m.subject_no) as subject_no,
    from core.published_member as m
    semi join born using (release_no)
    where m.wave_no = $wave_no
    group by m.block_no
)

select
    b.wave_no,
    m.subject_no,
    $other::utinyint as relationship,
    i.item_no,
    b.rating_count,
    0 as not_observed_count,
    b.favourable_count,
    b.sum_points,
from proved.block_item as b
inner join member as m using (block_no)
inner join proved.measure as n using (measure_no)
inner join core.item as i on n.measure_id = i.item_id
where b.wave_no = $wave_no
order by m.subject_no, i.item_no
