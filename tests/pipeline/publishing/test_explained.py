"""Every number explains itself, and a hidden one tells nothing but its rule (EX-01 .. EX-06)."""

from dataclasses import asdict

import pytest

from pipeline.errors import PublishError
from pipeline.lineage import cell_names, explain
from pipeline.release import Reason, Released, Scope, Suppressed

HIDDEN_RULES = {
    Reason.TOO_FEW_RATERS: "at least 4 others are needed",
    Reason.TOO_FEW_PMS: "at least 3 PMs are needed",
    Reason.TOO_LITTLE_EXPOSURE: "too few of those who answered have seen enough",
    Reason.PROTECTS_OTHERS: "another hidden number could be worked out",
}


@pytest.fixture
def release(open_world, people, answers, seeded):
    world = open_world(people)
    world.load("2026Q1", answers(seeded(3)))
    world.publish("2026Q1")
    return world.release()


def everything(release):
    """(name, cell) of every number in the release."""
    for kind, scope, ids in (
        ("pm", Scope.SUBJECT, [one.subject_id for one in release.subjects()]),
        ("unit", Scope.UNIT, [one.unit_id for one in release.units()]),
    ):
        for one in ids:
            names = cell_names(release, f"team/2026Q1:{kind}/{one}")
            cells = release.cells(scope, one)
            assert len(names) == len(cells)
            yield from zip(names, cells, strict=True)


def test_explanation_when_asked_of_any_number_then_says_rule_and_origin(release):
    kinds = set()
    for name, cell in everything(release):
        found = explain(release, name)
        assert found.cell == name
        assert found.is_shown is isinstance(cell, Released)
        assert found.items
        assert found.files[0].sha256 == "f" * 64
        assert found.made_by[-1] == "sql/publish/cell.sql"
        if isinstance(cell, Suppressed):
            assert HIDDEN_RULES[cell.reason] in found.rule
            assert (found.rater_count, found.pm_count) == (None, None)
        else:
            assert (found.rater_count, found.pm_count) == (cell.rater_count, cell.pm_count)
        kinds.add((cell.key.scope, cell.key.group, cell.key.measure, found.is_shown))
    assert len(kinds) >= 12


def test_explanation_when_hidden_then_is_the_same_whether_few_or_nobody_answered(release):
    hidden = [
        asdict(explain(release, name))
        for name, cell in everything(release)
        if isinstance(cell, Suppressed)
        and cell.reason is Reason.TOO_FEW_RATERS
        and name.endswith("trait/taste")
    ]
    assert len(hidden) > 1
    assert len({str({**one, "cell": ""}) for one in hidden}) == 1


@pytest.mark.parametrize(
    "name",
    ["", "team/2026Q1", "team/2026Q1:pm/nobody:others:trait/taste", "team/2026Q1:pm/pm00:others:trait/nothing",
     "team/2025Q1:pm/pm00:others:trait/taste", "team/2026Q1:team/pm00:others:trait/taste"],
)  # fmt: skip
def test_explanation_when_there_is_no_such_number_then_is_refused(release, name):
    with pytest.raises(PublishError) as caught:
        explain(release, name)
    assert caught.value.code == "explain-unknown"
