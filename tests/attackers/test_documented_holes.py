"""The documented holes of other products, each tried on ours; 6 and 11 are in tests/pipeline/publishing."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline import release as read_side
from pipeline.disclosure.comments import Comment, Fate, Submitters, decide_comments
from pipeline.disclosure.seen import Overlap, tells_on_few
from pipeline.disclosure.units import decide_units
from pipeline.release import Reason, Release, Suppressed
from survey.errors import ConfigError
from survey.policy import default_policy, default_policy_text, parse_policy

ROOT = Path(__file__).parents[2]
SCHEMA = (ROOT / "pipeline" / "sql" / "schema" / "release.sql").read_text(encoding="utf-8")


def test_hole_1_when_a_keyword_is_asked_for_then_no_comment_escapes_its_gate():
    """Glint's keyword cloud shows comments of topics that are hidden. Ours are decided per PM, without words."""
    assert "text" not in {field.name for field in fields(Comment)}
    few = [Comment(comment_no=no, subject_no=1, wave_no=1, response_no=no, author=no) for no in (1, 2)]
    asked = [Submitters(subject_no=1, wave_no=1, rater_count=4)]
    decided = decide_comments(few, asked, policy=default_policy(), held={})
    assert {one.fate for one in decided} == {Fate.WAITS}


@pytest.mark.parametrize("size", [400, 40_000])
def test_hole_2_when_a_unit_is_large_then_its_parts_are_protected_all_the_same(size):
    """Glint skips the second suppression for parents of 400 and more, and is content with two people."""
    assert decide_units({"A/B": size, "A": 2}, min_pms=3)["A/B"] is Reason.PROTECTS_OTHERS
    with pytest.raises(ConfigError):
        parse_policy(default_policy_text().replace("min_raters = 4", "min_raters = 2"))


@pytest.mark.parametrize(
    "column", ["response_no", "rater_no", "value", "text", "submitted_at", "relationship"]
)
def test_hole_3_when_a_release_is_exported_whole_then_no_raw_answer_is_in_it(column):
    """Glint's raw export is on by default. What the dashboard can read has no such column."""
    columns = re.findall(r"^    (\w+) [a-z]", SCHEMA, flags=re.MULTILINE)
    assert len(columns) > 50
    assert column not in columns


def test_hole_4_when_a_wave_is_open_then_nothing_of_it_can_be_looked_at():
    """Glint's admins see live results. The read side knows release files; tests/test_contracts.py keeps it so."""
    source = inspect.getsource(read_side)
    assert "(read_only)" in source
    assert not any(word in source for word in ("core.", "mart.", "answers_address", "warehouse"))


def test_hole_5_when_a_wave_has_opened_then_its_policy_is_the_copy_it_keeps():
    """Lattice's protection can be loosened after close. Ours is parsed from the wave's own text."""
    source = (ROOT / "pipeline" / "run.py").read_text(encoding="utf-8")
    assert "parse_policy(wave.policy)" in source
    assert "default_policy" not in source


def test_hole_7_when_a_group_is_small_then_its_size_is_not_shown_either():
    """Qualtrics hides the metrics of small groups and shows their counts. A hidden cell has a reason only."""
    assert {field.name for field in fields(Suppressed)} == {"key", "reason"}


@pytest.mark.parametrize("module", ["survey/answers_schema.py"])
def test_hole_8_when_answers_are_stored_then_no_participant_is_coded_beside_them(module):
    """REDCap's participant list is only "coded". See tests/survey/stores for what is stored where."""
    text = (ROOT / module).read_text(encoding="utf-8")
    assert not any(f'"{name}"' in text for name in ("rater_id", "person_id", "assignment_no", "link_no"))


def test_hole_9_when_answers_are_stored_then_no_time_is_stored_with_them():
    """LimeSurvey kept dates in anonymous surveys."""
    text = (ROOT / "survey" / "answers_schema.py").read_text(encoding="utf-8")
    assert not any(word in text for word in ("DateTime", "timestamp", "submitted_at", "Date("))


def test_hole_10_when_a_person_is_deleted_then_published_results_do_not_change():
    """Glint recalculates, so before and after differ by that person. tests/.../test_attacked.py does it for real."""
    one_gone = [Overlap(before=1, now=1, rater_count=5), Overlap(before=1, now=None, rater_count=1)]
    assert tells_on_few(one_gone, min_raters=4)


def test_hole_12_when_somebody_filters_then_only_what_was_audited_together_can_be_asked_for():
    """The GP Patient Survey could not suppress interactively. Here every cell is decided in one batch."""
    asked = {
        name
        for method in vars(Release).values()
        if inspect.isfunction(method) and not method.__name__.startswith("_")
        for name in inspect.signature(method).parameters
    }
    names = {"scope", "scope_id", "subject_id", "unit_id", "wave_id", "instrument_id", "version"}
    assert asked == {"self", *names}, "only what somebody or something is called, and no condition"
    assert "select " not in inspect.getsource(Release), "and every question stands in a file of its own"
