"""The demo's last release: all of it comes out of its blocks again, and every kind of number explains itself."""

import json
import shutil
from itertools import groupby

import pytest

from pipeline.lineage import explain_number
from pipeline.numbers import numbers_about
from pipeline.release import Releases, Suppressed
from pipeline.released_unit import HiddenMix
from pipeline.worker import Worker
from survey.config import Settings
from survey.language import languages, wording
from survey.register import open_register
from survey.register_jobs import Jobs

pytestmark = pytest.mark.slow

GIVEN = {"spread", "reliability", "subject_spread", "trait_covariance", "relationship_item"}
"""What comes from single answers once for the whole organisation: the exception of the promise. And sums by
relationship, which cut through blocks: they are attacked together with these."""


@pytest.fixture(scope="module")
def report(home, tmp_path_factory):
    """What the council reads, a minute after `make demo` serves: the demo leaves the attack to the worker."""
    own = shutil.copytree(home, tmp_path_factory.mktemp("proved") / "home")
    settings = Settings(home=own)
    with open_register(settings.register_address) as register:
        assert Worker(settings, {}, name="worker").do_next(Jobs(register.store))
    (path,) = (own / "releases").glob("*.proof.json")
    return json.loads(path.read_text(encoding="utf-8"))


def test_tables_when_published_again_from_blocks_then_each_number_comes_out(report, demo):
    tables = {table["name"]: table for table in report["tables"]}
    assert {name for name, table in tables.items() if table["mismatched"]} == set()
    for name, table in tables.items():
        assert table["read"] == len(demo.last.tables[name])
        assert table["read"] == table["recomputed"] + table["excepted"]
        assert (table["excepted"] > 0) <= (name in GIVEN | {"cell"})
    own = [row for row in demo.last.tables["cell"] if row["group_no"]]
    assert tables["cell"]["excepted"] == len(own), "what self and manager said, with their names"


def test_tables_when_counted_then_none_with_numbers_is_left_out(report, demo):
    words = {"meta", "instrument", "scope", "measure", "unit", "subject", "wave", "lineage", "comment"}
    assert {table["name"] for table in report["tables"]} == set(demo.last.tables) - words


NEEDS_THE_ASKED = "all_answered"
"""Files of other tools do not say who was asked; tests/pipeline/publishing has this one try."""


def test_attackers_when_on_the_whole_demo_then_each_tried_and_found_nothing(report):
    assert report["is_held"]
    assert {attack["name"] for attack in report["attacks"] if not attack["tried"]} == {NEEDS_THE_ASKED}
    assert {attack["found"] for attack in report["attacks"]} == {0}


def kind_of(named):
    name, number = named
    reason = number.reason.value if isinstance(number, Suppressed | HiddenMix) else ""
    return name.wave_id, name.about, name.kind, name.measure.value, reason


def one_of_each_kind(release, scopes):
    places = {("pm" if one.kind == "pm" else "team", one.subject_id) for one in release.subjects()}
    places |= {("unit", one.unit_id) for one in release.units()} | {("organisation", "all")}
    places |= {(one["scope"], one["scope_id"]) for one in scopes if one["scope"] in ("slice", "relationship")}
    every = sorted(
        (named for place in sorted(places) for named in numbers_about(release, *place)),
        key=lambda named: (kind_of(named), str(named[0])),
    )
    return [next(several) for _, several in groupby(every, key=kind_of)], every


def test_number_when_of_any_kind_and_wave_then_says_where_it_comes_from(home, demo):
    release = Releases(home / "releases").current()
    some, every = one_of_each_kind(release, demo.last.tables["scope"])
    assert len(every) > 30_000
    assert len(some) > 100
    for name, number in some:
        found = explain_number(release, number)
        assert found.name == str(name)
        assert all(found.rule.said(wording(language)) for language in languages())
        assert found.items
        assert found.made_by
        assert found.waves[-1] == name.wave_id
        assert found.files
        is_hidden = isinstance(number, Suppressed | HiddenMix)
        assert (found.rater_count is None) is (is_hidden or name.about == "organisation")
