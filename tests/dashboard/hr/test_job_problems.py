"""What HR reads when a job fails: in their language, for every code that a job can come to."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.hr_job import problem_words
from survey.language import languages, wording
from survey.register_jobs import JobProblem

ROOT = Path(__file__).parents[3]
NO_JOB = {
    "survey/expectation.py": "the dashboard reads it",
    "survey/listening.py": "a server that starts",
    "survey/texts.py": "a command alone",
    "survey/told_text.py": "a command alone",
    "pipeline/lineage.py": "a command and pages",
}
"""What refuses something, and never in a job."""


def codes():
    """The codes of all that survey and pipeline refuse, but for the form and what makes demos up."""
    for path in (path for room in ("survey", "pipeline") for path in sorted((ROOT / room).rglob("*.py"))):
        name = str(path.relative_to(ROOT))
        if name in NO_JOB or name.startswith(("survey/form/", "survey/synthesis/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(code)), _, *_]) if (
                    kind.endswith("Error")
                ):
                    yield code


@pytest.mark.parametrize("language", languages())
def test_problem_when_a_job_comes_to_it_then_is_told_in_every_language(language):
    texts = wording(language).texts
    assert sorted({code for code in codes() if f"problem_{code.replace('-', '_')}" not in texts}) == []


def test_problem_when_there_is_a_text_for_no_code_then_it_is_not_kept():
    known = {f"problem_{code.replace('-', '_')}" for code in codes()}
    assert {key for key in wording("en").texts if key.startswith("problem_")} - known == set()


def test_problem_when_it_has_no_text_then_is_told_as_it_was_raised():
    problem = JobProblem(code="new-code", message="it is new", hint="look at it")
    assert problem_words(problem, wording("de")) == "it is new. look at it"


def two_problems():
    """The script of a page on which two jobs came to the same; AppTest runs it in a module of its own."""
    from dashboard.views.hr_job import show_problem  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415
    from survey.register_jobs import JobProblem  # noqa: PLC0415

    for job_id in (1, 2):
        show_problem(job_id, JobProblem(code="store-busy", message="it is busy", hint="wait"), wording("en"))


def test_problem_when_two_jobs_come_to_the_same_then_each_is_told():
    page = AppTest.from_function(two_problems).run()
    assert not page.exception
    assert [code.value for code in page.code] == ["store-busy\nit is busy\nwait"] * 2


def test_hint_when_it_is_for_hr_then_names_no_command():
    for language in languages():
        said = [text for key, text in wording(language).texts.items() if key.startswith("problem_")]
        assert not [text for text in said if "pmhealth" in text or "--" in text]
