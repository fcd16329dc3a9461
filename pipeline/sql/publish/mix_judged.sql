-- what: items whose changes are judged way by way; where slices may tie anybody to anybody and there are more units
--       than ways that can be judged, the answer is known
-- grain: one item
-- reader: publish/mix_path, pipeline.publishing.mix_ground
select measure_no,
from stage.mix_pm
where mix_place = 2
group by measure_no
having count(distinct unit_no) <= $most_ways or measure_no not in (select s.measure_no, from stage.mix_slice as s)
