-- what: every table of a release file
-- grain: said beside each table
-- reader: pipeline.release (and through it the dashboard)
--
-- Two rules keep the file free of anything but its rows, and the same inputs the same bytes:
-- no column may be null (DuckDB writes what stood in memory behind a null), and large tables hold
-- numbers only (texts stand once, in small tables; see Warehouse.release_file).

-- one row: this release
create table if not exists release.meta (
    release_no integer not null,
    format_version integer not null
);

-- one wave that was published; state is 'published' or 'withdrawn' (then it has no other rows). From unit_date on
-- readers show its units, to give PMs their own results first; 1970 means at once
create table if not exists release.wave (
    wave_no usmallint not null,
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
    answer_loaded_count bigint not null,
    unit_date date not null default date '1970-01-01'
);

-- one instrument version that a wave of this release used; document is its canonical JSON in pieces, since
-- DuckDB ends a text of more than 4096 bytes with eight bytes of whatever was in memory
create table if not exists release.instrument (
    instrument_id varchar not null,
    version varchar not null,
    content_hash varchar not null,
    document varchar[] not null
);

-- one subject, unit, slice or relationship in a unit that a number of any wave is about; a slice's id is its kind and
-- value (stage/early), a relationship's id is followed by the unit's (design/Product/Growth)
create table if not exists release.scope (
    scope_no integer not null,
    scope varchar not null,
    scope_id varchar not null
);

-- one trait, item or event item that any wave measured
create table if not exists release.measure (
    measure_no usmallint not null,
    measure varchar not null,
    measure_id varchar not null
);

-- one org unit as of one wave
create table if not exists release.unit (
    wave_no usmallint not null,
    scope_no integer not null,
    parent_id varchar not null,
    name varchar not null
);

-- one subject as of one wave; kind is 'pm' or 'unit'
create table if not exists release.subject (
    wave_no usmallint not null,
    scope_no integer not null,
    kind varchar not null,
    name varchar not null,
    unit_id varchar not null,
    level varchar not null,
    pm_type varchar not null,
    stage varchar not null
);

-- one block: raters published together. An own block's scope is its subject, a rest block's its unit
create table if not exists release.block (
    wave_no usmallint not null,
    block_no integer not null,
    is_rest boolean not null,
    scope_no integer not null,
    rater_count integer not null,
    subject_count integer not null
);

-- one unit of one wave: the responses its numbers rest on, and how many people at least gave them
create table if not exists release.unit_load (
    wave_no usmallint not null,
    scope_no integer not null,
    response_count integer not null,
    people_count integer not null
);

-- one released item of one block: coded sum in scale points after reversing
create table if not exists release.block_item (
    wave_no usmallint not null,
    block_no integer not null,
    measure_no usmallint not null,
    rating_count integer not null,
    sum_points decimal(18, 6) not null,
    favourable_count integer not null
);

-- one released item of one relationship in a unit: coded sum over its raters, whatever their blocks
create table if not exists release.relationship_item (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    rating_count integer not null,
    sum_points decimal(18, 6) not null,
    favourable_count integer not null
);

-- one trait of one wave: pooled within-subject SD of raters' trait scores, 2 significant digits;
-- source is 'wave', 'earlier' or 'policy'
create table if not exists release.spread (
    wave_no usmallint not null,
    measure_no usmallint not null,
    sigma_points decimal(9, 6) not null,
    degrees_of_freedom integer not null,
    source varchar not null
);

-- one number a page may ask for, released or suppressed. group_no, reason_no and bound_no are places in
-- pipeline.release's Group, REASONS and BOUNDS; where reason_no is not 0 every number is 0, and where
-- has_interval is false low and high are 0
create table if not exists release.cell (
    wave_no usmallint not null,
    scope_no integer not null,
    group_no utinyint not null,
    measure_no usmallint not null,
    reason_no utinyint not null,
    score decimal(9, 6) not null,
    has_interval boolean not null,
    low decimal(9, 6) not null,
    high decimal(9, 6) not null,
    rater_count integer not null,
    pm_count integer not null,
    bound_no utinyint not null
);

-- one point of a trait's line: scores over the items released in every wave of the segment, others only
create table if not exists release.line (
    scope_no integer not null,
    measure_no usmallint not null,
    segment_no integer not null,
    wave_no usmallint not null,
    item_count integer not null,
    score decimal(9, 6) not null,
    low decimal(9, 6) not null,
    high decimal(9, 6) not null,
    rater_count integer not null
);

-- one trait of a subject: the best guess of the true score, drawn towards the mean of all; one decimal, as on pages
create table if not exists release.best_guess (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    score decimal(9, 6) not null
);

-- one trait of a subject: others minus self, with its 95 % interval; sight_no is a place in pipeline.release's SIGHTS
create table if not exists release.gap (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    points decimal(9, 6) not null,
    low decimal(9, 6) not null,
    high decimal(9, 6) not null,
    sight_no utinyint not null
);

-- one trait of a subject: how it stands to the subject's own mean; standing_no is a place in pipeline.release's
-- STANDINGS. A word, never a number
create table if not exists release.standing (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    standing_no utinyint not null,
    is_most_distinct boolean not null
);

-- one change of a trait up to this wave, judged when it was published; kind_no and verdict_no are places in
-- pipeline.release's KINDS and VERDICTS
create table if not exists release.change (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    kind_no utinyint not null,
    since_wave_no usmallint not null,
    points decimal(9, 6) not null,
    low decimal(9, 6) not null,
    high decimal(9, 6) not null,
    needed_points decimal(9, 6) not null,
    verdict_no utinyint not null
);

-- one item of a unit: share of ratings in the upper part of the scale, with Wilson's interval
create table if not exists release.favourable (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    share decimal(9, 6) not null,
    low decimal(9, 6) not null,
    high decimal(9, 6) not null,
    rating_count integer not null
);

-- one shown trait of a unit, of a wave of our own form: which share of those asked answered at least, in steps, and
-- where the score would lie if all others had ticked the lowest point, or the highest
create table if not exists release.nonresponse (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    response_share decimal(9, 6) not null,
    low decimal(9, 6) not null,
    high decimal(9, 6) not null,
    is_needed boolean not null
);

-- one trait of one wave of the whole organisation: whether raters tell subjects apart; 2 significant digits
create table if not exists release.reliability (
    wave_no usmallint not null,
    measure_no usmallint not null,
    icc1 decimal(9, 6) not null,
    icc2 decimal(9, 6) not null
);

-- one trait of one wave of the whole organisation: how far subjects lie apart (tau squared), squared scale points, 2
-- significant digits. For working best guesses out again; no page shows it
create table if not exists release.subject_spread (
    wave_no usmallint not null,
    measure_no usmallint not null,
    variance double not null
);

-- two traits of one wave of the whole organisation: how raters' scores of both scatter together around their subjects,
-- squared scale points, 2 significant digits. For working out again what stands out; no page shows it
create table if not exists release.trait_covariance (
    wave_no usmallint not null,
    measure_no usmallint not null,
    other_measure_no usmallint not null,
    covariance double not null
);

-- one trait of a unit that this wave and the one before show: its change taken apart into what those did who stayed and
-- what arrivals and departures did. reason_no is a place in pipeline.release's REASONS; where it is not 0 every number
-- is 0, and so are moved_in_points and moved_out_points where detail_no is 1
create table if not exists release.mix (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    since_wave_no usmallint not null,
    reason_no utinyint not null,
    detail_no utinyint not null,
    item_count integer not null,
    real_points decimal(9, 6) not null,
    real_low decimal(9, 6) not null,
    real_high decimal(9, 6) not null,
    real_verdict_no utinyint not null,
    mix_points decimal(9, 6) not null,
    mix_low decimal(9, 6) not null,
    mix_high decimal(9, 6) not null,
    mix_verdict_no utinyint not null,
    arrived_points decimal(9, 6) not null,
    left_points decimal(9, 6) not null,
    moved_in_points decimal(9, 6) not null,
    moved_out_points decimal(9, 6) not null,
    stayed_pm_count integer not null,
    arrived_pm_count integer not null,
    left_pm_count integer not null
);

-- one item of a unit whose change may be taken apart, and how finely: what a later wave's decision rests on
create table if not exists release.mix_item (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    since_wave_no usmallint not null,
    detail_no utinyint not null
);

-- one trait of a unit: PMs by where their best guess lies. at_least holds a count per bin, edges where
-- bins begin and end
create table if not exists release.distribution (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    edges decimal(9, 6)[] not null,
    at_least integer[] not null,
    unplaced_count integer not null
);

-- one trait of a unit: of how many PMs it is the strength, as a word; coverage_no is a place in the COVERAGES of
-- pipeline.released_unit
create table if not exists release.coverage (
    wave_no usmallint not null,
    scope_no integer not null,
    measure_no usmallint not null,
    coverage_no utinyint not null,
    pm_count integer not null
);

-- one input file of one wave, by hash
create table if not exists release.lineage (
    wave_no usmallint not null,
    source_name varchar not null,
    tool varchar not null,
    sha256 varchar not null,
    mapping_hash varchar not null,
    suite_hash varchar not null
);

-- one answer in words that is shown about a PM, in an order of chance within the page. Every text is a list of its
-- characters' numbers: a long text column carries bytes of whatever was in memory. signer is empty where nobody signed
create table if not exists release.comment (
    wave_no usmallint not null,
    scope_no integer not null,
    group_no utinyint not null,
    place integer not null,
    comment_no bigint not null,
    prompt uinteger[] not null,
    signer uinteger[] not null,
    words uinteger[] not null
);

-- one wave: how many have to answer, and to write, before words of others are shown
create table if not exists release.comment_rule (
    wave_no usmallint not null,
    needed_submitters integer not null,
    needed_authors integer not null
);
