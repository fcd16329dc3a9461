-- what: every table of the warehouse
-- grain: said beside each table
-- reader: pipeline.load, pipeline.marts, pipeline.publish
create schema if not exists raw;
create schema if not exists core;
create schema if not exists mart;

-- one file taken in; state is 'loaded', 'replaced' or 'refused'; is_long: one answer per row
create table if not exists raw.batch (
    batch_no integer not null,
    wave_id varchar not null,
    source_name varchar not null,
    tool varchar not null,
    sha256 varchar not null,
    mapping_name varchar not null,
    mapping_hash varchar not null,
    suite_hash varchar not null,
    state varchar not null,
    is_addition boolean not null,
    is_long boolean not null,
    file_line_count bigint not null,
    row_received_count bigint not null,
    row_loaded_count bigint not null,
    row_superseded_count bigint not null,
    row_quarantined_count bigint not null,
    answer_received_count bigint not null,
    answer_loaded_count bigint not null,
    answer_superseded_count bigint not null,
    answer_quarantined_count bigint not null,
    loaded_at timestamp not null
);

-- one refused row or answer; never a value
create table if not exists raw.quarantine (
    batch_no integer not null,
    line integer not null,
    part utinyint not null,
    column_no usmallint not null,
    column_name varchar not null,
    rule_id varchar not null,
    level varchar not null
);

-- one expectation of one batch, as Great Expectations judged it
create table if not exists raw.validation (
    batch_no integer not null,
    check_id varchar not null,
    level varchar not null,
    severity varchar not null,
    is_met boolean not null,
    evaluated_count bigint not null,
    failing_count bigint not null,
    observed double,
    message varchar not null
);

-- one subject ever rated; the number is what facts carry
create table if not exists core.subject (
    subject_no integer not null,
    subject_id varchar not null,
    kind varchar not null
);

-- one item or prompt id ever used; ids never change meaning
create table if not exists core.item (
    item_no usmallint not null,
    item_id varchar not null
);

-- one wave
create table if not exists core.wave (
    wave_no usmallint not null,
    wave_id varchar not null
);

-- one item of one wave, with how it is scored
create table if not exists core.wave_item (
    wave_no usmallint not null,
    item_no usmallint not null,
    trait_id varchar not null,
    scale_no utinyint not null,
    is_prompt boolean not null,
    is_event boolean not null,
    is_reverse boolean not null,
    low decimal(9, 6),
    high decimal(9, 6),
    step decimal(9, 6)
);

-- one response that counts: one rater about one subject in one wave
create table if not exists core.response (
    batch_no integer not null,
    wave_no usmallint not null,
    subject_no integer not null,
    relationship utinyint not null,
    response_no ubigint not null,
    rater_no ubigint,
    line integer not null,
    part utinyint not null,
    submitted_at timestamp
);

-- one answer that counts: a value in scale points as given (before reversing), or not observed
create table if not exists core.answer (
    batch_no integer not null,
    wave_no usmallint not null,
    subject_no integer not null,
    relationship utinyint not null,
    response_no ubigint not null,
    item_no usmallint not null,
    value decimal(9, 6),
    is_not_observed boolean not null,
    line integer not null,
    column_no usmallint not null
);

-- one answer in words; signed_by is the id of a rater who put their name under it, else ''
create table if not exists core.comment (
    batch_no integer not null,
    wave_no usmallint not null,
    subject_no integer not null,
    relationship utinyint not null,
    response_no ubigint not null,
    item_no usmallint not null,
    text varchar not null,
    line integer not null,
    column_no usmallint not null,
    signed_by varchar default ''
);
alter table core.comment add column if not exists signed_by varchar default '';

-- one subject x group (self, manager, other) of one wave: who answered, without what
create table if not exists mart.member (
    wave_no usmallint not null,
    subject_no integer not null,
    relationship utinyint not null,
    response_count integer not null,
    rater_count integer not null
);

-- one subject x group (self, manager, other) x item of one wave: sums in scale points after reversing
create table if not exists mart.item (
    wave_no usmallint not null,
    subject_no integer not null,
    relationship utinyint not null,
    item_no usmallint not null,
    rating_count integer not null,
    not_observed_count integer not null,
    favourable_count integer not null,
    sum_points decimal(18, 6) not null
);

drop table if exists mart.rater_score;
drop table if exists mart.trait;
drop table if exists mart.spread;

-- what became of one comment in one release: 'shown', 'signed', 'waits' or 'held'; the latest release counts.
-- needed_* is what was promised where it was written; the number is keyed and tells nothing
create table if not exists core.comment_fate (
    release_no integer not null,
    wave_no usmallint not null,
    comment_no bigint not null,
    written_wave_no usmallint not null,
    subject_no integer not null,
    response_no ubigint not null,
    is_known boolean not null,
    needed_submitters integer not null,
    needed_authors integer not null,
    fate varchar not null
);

-- how many unknown people answered about one subject of a published wave, for comments that wait;
-- unnamed_known_count is how many known ones may be among the authors
create table if not exists core.comment_submitter (
    release_no integer not null,
    wave_no usmallint not null,
    subject_no integer not null,
    rater_count integer not null,
    unnamed_known_count integer not null
);

-- one comment that HR holds back, and why
create table if not exists core.comment_hold (
    comment_no bigint not null,
    reason varchar not null
);

-- one response of one published block, as it was when published: what was seen cannot be unseen, so a
-- withdrawn wave is compared with it before it may come back
create table if not exists core.published_member (
    wave_no usmallint not null,
    release_no integer not null,
    block_no integer not null,
    subject_no integer not null,
    response_no ubigint not null,
    rater_no ubigint,
    content_no hugeint not null
);
