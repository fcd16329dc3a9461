-- what: the same names with nothing behind them, for a release of an earlier format
-- grain: as in schema/release
-- reader: pipeline.release
create table derived_change (
    wave_no integer,
    scope_no integer,
    measure_no integer,
    kind_no integer,
    since_wave_no integer,
    points double,
    low double,
    high double,
    needed_points double,
    verdict_no integer
);

create table derived_standing (
    wave_no integer,
    scope_no integer,
    measure_no integer,
    standing_no integer,
    is_most_distinct boolean
);

create table derived_gap (
    wave_no integer,
    scope_no integer,
    measure_no integer,
    points double,
    low double,
    high double,
    sight_no integer
);

create table derived_best_guess (
    wave_no integer,
    scope_no integer,
    measure_no integer,
    score double
);

create table derived_favourable (
    wave_no integer,
    scope_no integer,
    measure_no integer,
    share double,
    low double,
    high double,
    rating_count integer
);

create table derived_reliability (
    wave_no integer,
    measure_no integer,
    icc1 double,
    icc2 double
);
