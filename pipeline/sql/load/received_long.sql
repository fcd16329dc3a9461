-- what: a canonical long CSV as it came, with the line of each record; blank texts are none
--       (variables rather than parameters: it is run as a view)
-- grain: one received answer
-- reader: pipeline.load
with record as (
    select
        row_number() over () + getvariable('header_lines') as line,
        *,
    from read_csv(
        getvariable('path'),
        header = false,
        skip = getvariable('header_lines'),
        columns = getvariable('columns'),
        delim = getvariable('delimiter'),
        quote = '"',
        escape = '"',
        auto_detect = false
    )
),

answer as (
    select *, from record
    union all by name
    select *, from received_shape
)

select
    line::integer as line,
    0::utinyint as part,
    true as starts_row,
    getvariable('value_column')::usmallint as column_no,
    wave,
    subject,
    relationship,
    case when rater <= ' ~' then nullif(trim(rater), '') else rater end as rater,
    case when response <= ' ~' then nullif(trim(response), '') else response end as response,
    item,
    case when value <= ' ~' then nullif(trim(value), '') else value end as value,
    submitted_at,
from answer
