-- what: the tables that a release has since its third format, under the names that its questions use
-- grain: as in schema/release
-- reader: pipeline.release
create view derived_change as from release.change;
create view derived_standing as from release.standing;
create view derived_gap as from release.gap;
create view derived_best_guess as from release.best_guess;
create view derived_favourable as from release.favourable;
create view derived_reliability as from release.reliability;
