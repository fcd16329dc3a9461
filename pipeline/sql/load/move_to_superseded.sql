-- what: moves rows and answers of a batch from loaded to superseded (a statement, not a SELECT)
-- grain: one batch
-- reader: pipeline.warehouse
update raw.batch
set
    row_loaded_count = row_loaded_count - $rows,
    row_superseded_count = row_superseded_count + $rows,
    answer_loaded_count = answer_loaded_count - $answers,
    answer_superseded_count = answer_superseded_count + $answers
where batch_no = $batch_no
