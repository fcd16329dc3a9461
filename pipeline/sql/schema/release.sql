-- what: every table of a release file
-- grain: said beside each table
-- reader: pipeline.release (and through it the dashboard)

-- one row: this release
create table release.meta (
    release_no integer not null,
    format_version integer not null
);

-- one wave that was published; state is 'published' or 'withdrawn' (then it has no other rows)
create table release.wave (
    wave_id varchar not null,
    campaign varchar not null,
    period varchar not null,
    starts_on date not null,
    ends_on date not null,
    instrument_id varchar not null,
    instrument_version varchar not null,
    instrument_hash varchar not null,
    state varchar not null,
    reason varchar not null,
    roster_date date not null,
    policy_hash varchar not null,
    min_raters integer not null,
    min_pms integer not null,
    row_received_count bigint not null,
    row_loaded_count bigint not null,
    answer_received_count bigint not null,
    answer_loaded_count bigint not null
);

-- one instrument version that a wave of this release used; document is its canonical JSON
create table release.instrument (
    instrument_id varchar not null,
    version varchar not null,
    content_hash varchar not null,
    document varchar not null
);

-- one org unit as of one wave
create table release.unit (
    wave_id varchar not null,
    unit_id varchar not null,
    parent_id varchar not null,
    name varchar not null
);

-- one subject as of one wave; kind is 'pm' or 'unit'
create table release.subject (
    wave_id varchar not null,
    subject_id varchar not null,
    kind varchar not null,
    name varchar not null,
    unit_id varchar not null,
    level varchar not null,
    pm_type varchar not null,
    stage varchar not null
);

-- one block: raters published together; kind is 'own' or 'rest'; subject_id is '' for a rest block
create table release.block (
    wave_id varchar not null,
    block_no integer not null,
    kind varchar not null,
    unit_id varchar not null,
    subject_id varchar not null,
    rater_count integer not null,
    subject_count integer not null
);

-- one released item of one block: coded sum in scale points after reversing
create table release.block_item (
    wave_id varchar not null,
    block_no integer not null,
    item_id varchar not null,
    rating_count integer not null,
    sum_points decimal(18, 6) not null,
    favourable_count integer not null
);

-- one trait of one wave: pooled within-subject SD of raters' trait scores, 2 significant digits
create table release.spread (
    wave_id varchar not null,
    trait_id varchar not null,
    sigma_points double not null,
    degrees_of_freedom integer not null,
    source varchar not null
);

-- one number a page may ask for, released or suppressed; see pipeline.release for the words
create table release.cell (
    wave_id varchar not null,
    scope varchar not null,
    scope_id varchar not null,
    group_id varchar not null,
    measure varchar not null,
    measure_id varchar not null,
    reason varchar not null,
    score double,
    low double,
    high double,
    rater_count integer,
    pm_count integer,
    bound varchar not null
);

-- one point of a trait's line: scores over the items released in every wave of the segment, others only
create table release.line (
    scope varchar not null,
    scope_id varchar not null,
    trait_id varchar not null,
    segment_no integer not null,
    wave_id varchar not null,
    item_count integer not null,
    score double not null,
    low double not null,
    high double not null,
    rater_count integer not null
);

-- one input file of one wave, by hash
create table release.lineage (
    wave_id varchar not null,
    source_name varchar not null,
    tool varchar not null,
    sha256 varchar not null,
    mapping_hash varchar not null,
    suite_hash varchar not null
);
