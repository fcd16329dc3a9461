-- what: the subjects and units that the release before has numbers for
-- grain: one subject or unit
-- reader: pipeline.publishing.earlier
select
    scope_no,
    scope,
    scope_id,
from previous.scope
order by scope_no
