"""Every number explains itself, and a hidden one tells nothing but its rule (EX-01 .. EX-06)."""

from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from pipeline.errors import PublishError
from pipeline.lineage import Hidden, explain, explain_number, number_names
from pipeline.makers import all_makers
from pipeline.numbers import numbers_about
from pipeline.release import Reason, ReleasedChange, Suppressed
from pipeline.warehouse import open_warehouse
from survey.language import wording
from survey.policy import default_policy
from survey.roster import Roster
from tests.pipeline.publishing.conftest import PEOPLE, World, random_answers, two_traits

PIPELINE = Path(__file__).parents[3] / "pipeline"
ENGLISH = wording("en")
HIDDEN_RULES = {
    Reason.TOO_FEW_RATERS: "at least 4 others are needed",
    Reason.TOO_FEW_PMS: "at least 3 PMs are needed",
    Reason.TOO_LITTLE_EXPOSURE: "too few of those who answered have seen enough",
    Reason.PROTECTS_OTHERS: "another hidden number could be worked out",
}


KINDS = {
    "others", "self", "manager", "line", "change/quarter", "gap", "standing", "best_guess", "favourable",
    "reliability", "mix", "nonresponse",
}  # fmt: skip


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    place, rng = tmp_path_factory.mktemp("world"), Random(3)  # noqa: S311 - repeatable
    with open_warehouse(place / "private" / "warehouse.duckdb") as warehouse:
        world = World(
            warehouse=warehouse,
            releases=place / "releases",
            members=Roster(people=PEOPLE),
            instrument=two_traits(),
            policy=default_policy(),
            asked={one.person_id: 12 for one in PEOPLE},
        )
        for period in ("2026Q1", "2026Q2"):
            world.load(period, random_answers(rng, PEOPLE, most=12))
            world.publish(period)
        yield world.release()


@pytest.fixture(scope="module")
def explained(release):
    """(number, explanation) of every number in the release, by name."""
    return {name: (number, explain_number(release, number)) for name, number in everything(release)}


def everything(release):
    """(name, number) of every number in the release."""
    places = {("pm", one.subject_id) for one in release.subjects()}
    places |= {("unit", one.unit_id) for one in release.units()}
    places |= {("slice", one.cell.key.scope_id) for one in release.slices("")}
    places |= {("relationship", one.cell.key.scope_id) for one in release.relationships("")}
    for place in sorted({*places, ("organisation", "all")}):
        yield from ((str(name), number) for name, number in numbers_about(release, *place))


def test_explanation_when_asked_of_any_number_then_says_rule_and_origin(explained):
    kinds = set()
    for name, (number, found) in explained.items():
        assert found.name == name
        assert found.is_shown is not isinstance(number, Hidden)
        assert found.items
        assert found.files[0].sha256 == "f" * 64
        assert name.startswith(found.waves[-1])
        if isinstance(number, Hidden):
            assert HIDDEN_RULES[number.reason] in found.rule.said(ENGLISH)
            assert (found.rater_count, found.pm_count) == (None, None)
        else:
            assert "shown" in found.rule.said(ENGLISH)
            assert (found.rater_count or 0) >= 3 or name.split(":")[2] in ("self", "manager", "reliability")
        kinds.add((name.split(":")[2], found.is_shown))
    assert {kind for kind, _ in kinds} == KINDS
    assert ("others", False) in kinds


def test_explanation_when_asked_by_name_then_is_that_of_the_number(release):
    for place in ("pm/pm01", "unit/P/G", "organisation/all"):
        names = number_names(release, f"team/2026Q2:{place}")
        assert names
        assert [explain(release, name).name for name in names] == list(names)


def test_explanation_when_of_a_change_then_names_every_wave_that_it_rests_on(explained):
    changes = [found for number, found in explained.values() if isinstance(number, ReleasedChange)]
    assert {one.waves for one in changes} == {("team/2026Q1", "team/2026Q2")}


def test_maker_when_named_then_is_there_under_that_name(explained):
    """A function or a file that is renamed fails here."""
    assert len({maker for _, found in explained.values() for maker in found.made_by}) > 20
    for maker in all_makers():
        if maker.startswith("sql/"):
            assert (PIPELINE / maker).is_file()
        else:
            module, _, function = maker.rpartition(".")
            assert callable(getattr(import_module(module), function))


def test_explanation_when_hidden_then_is_the_same_whether_few_or_nobody_answered(explained):
    hidden = [
        asdict(found)
        for name, (number, found) in explained.items()
        if isinstance(number, Suppressed)
        and number.reason is Reason.TOO_FEW_RATERS
        and name.startswith("team/2026Q1")
        and name.endswith("trait/taste")
    ]
    assert len(hidden) > 1
    assert len({str({**one, "name": ""}) for one in hidden}) == 1


@pytest.mark.parametrize(
    "name",
    ["", "team/2026Q1", "team/2026Q1:pm/nobody:others:trait/taste", "team/2026Q1:pm/pm00:others:trait/nothing",
     "team/2025Q1:pm/pm00:others:trait/taste", "team/2026Q1:team/pm00:others:trait/taste"],
)  # fmt: skip
def test_explanation_when_there_is_no_such_number_then_is_refused(release, name):
    with pytest.raises(PublishError) as caught:
        explain(release, name)
    assert caught.value.code == "explain-unknown"
