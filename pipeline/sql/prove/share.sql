-- what: the response shares that are told of units, beside how many answers each rests on
-- grain: one wave x unit
-- reader: pipeline.prove
select distinct
    n.wave_no,
    (n.response_share * 100)::integer as percent,
    l.response_count,
from proved.nonresponse as n
inner join proved.unit_load as l using (wave_no, scope_no)
order by n.wave_no, percent, l.response_count
