-- what: the tables of the release; one of an older format has fewer
-- grain: one table
-- reader: pipeline.prove
select table_name,
from duckdb_tables()
where database_name = 'proved'
