-- what: the number under which a release keeps one subject, unit, slice or relationship
-- grain: at most one row
-- reader: pipeline.release
select scope_no,
from release.scope
where scope = $scope and scope_id = $scope_id
