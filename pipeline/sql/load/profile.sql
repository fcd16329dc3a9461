-- what: one batch in numbers, for the checks that a single row cannot make; null: nothing to measure
-- grain: one row
-- reader: pipeline.load (as the table profile), pipeline.validate
with line_sum as (
    select
        count(*) filter (where starts_row) as row_count,
        count(*) filter (where starts_row and row_rule <> 0) as quarantined_row_count,
        count(*) filter (where starts_row and is_superseded) as superseded_row_count,
        count(*) filter (where reading <> 0) as answer_count,
        count(*) filter (where reading <> 0 and answer_rule <> 0) as quarantined_answer_count,
        count(*) filter (where reading <> 0 and item_no is null) as unexpected_item_count,
        count(*) filter (where reading <> 0 and scale_no <> 0 and row_rule = 0 and not is_superseded)
            as rating_count,
        count(*) filter (where reading = 2 and row_rule = 0 and not is_superseded) as not_observed_count,
    from landed
),

response as (
    select distinct
        subject_no,
        response_no,
    from landed
    where starts_row and row_rule = 0 and not is_superseded
),

subject_response as (
    select
        subject_no,
        count(*) as response_count,
    from response
    group by subject_no
),

subject_sum as (
    select
        sum(response_count) * $item_count as asked_count,
        max(response_count) as responses_per_subject,
        count(*) / nullif($subject_count, 0) as subject_coverage,
    from subject_response
)

select
    line_sum.row_count,
    line_sum.unexpected_item_count,
    subject_sum.responses_per_subject,
    subject_sum.subject_coverage,
    line_sum.quarantined_row_count / nullif(line_sum.row_count, 0) as quarantined_row_share,
    line_sum.superseded_row_count / nullif(line_sum.row_count, 0) as duplicate_share,
    line_sum.quarantined_answer_count / nullif(line_sum.answer_count, 0) as quarantined_answer_share,
    line_sum.not_observed_count / nullif(line_sum.rating_count, 0) as not_observed_share,
    line_sum.rating_count / nullif(subject_sum.asked_count, 0) as completeness,
from line_sum
cross join subject_sum
