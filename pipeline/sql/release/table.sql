-- what: the tables of this release; one of an older format has fewer
-- grain: one table
-- reader: pipeline.release
select table_name,
from duckdb_tables()
where database_name = 'release'
