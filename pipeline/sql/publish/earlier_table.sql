-- what: the tables of the release before; one of an older format has fewer
-- grain: one table
-- reader: pipeline.publishing.earlier
select table_name,
from duckdb_tables()
where database_name = 'previous'
