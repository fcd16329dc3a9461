-- what: the format of the release before
-- grain: one row
-- reader: pipeline.publishing.earlier
select format_version, from previous.meta
