-- what: every shown number of others about subjects and units, of all waves: where it lies in a grid whose columns
--       follow each other, and the score in millionths of a point
-- grain: one wave x subject or unit x trait or item
-- reader: pipeline.publishing.told
select
    m.place * $scope_count + p.place as place,
    (c.score * 1000000)::integer as score,
    c.rater_count,
from every.cell as c
inner join stage.told_column as m using (wave_no, measure_no)
inner join stage.told_scope as p using (scope_no)
where c.group_no = $others_group and c.reason_no = 0
