"""Stage fit: what the PM said of themselves, for that PM and for nobody else, shared or not."""

import shutil
from datetime import date

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import Role, Viewer
from dashboard.access_policy import AccessPolicy
from dashboard.directory import Directory
from dashboard.figures.palette import Theme
from dashboard.figures.stages import draw_stages
from dashboard.fit import Fit, fit_title, read_fit, today_words
from dashboard.reading import Reading
from pipeline.release import CellKey, Group, Measure, Released, Scope
from survey.config import Settings
from survey.register import open_register
from tests.made_up_people import PEOPLE, POLICY

WAVE = "stage-fit/2026H1"
SAM = Viewer(name="Sam", roles=frozenset({Role.PM}), person_id="p-sam")


def draw(release, viewer, language="en"):
    """The script AppTest runs."""
    from dashboard.reading import Reading  # noqa: PLC0415 - Streamlit runs this source alone
    from dashboard.spoken import speak  # noqa: PLC0415 - likewise
    from dashboard.views import stage_fit  # noqa: PLC0415 - likewise
    from survey.language import wording  # noqa: PLC0415 - likewise

    speak(wording(language))
    stage_fit.show(Reading(release=release, viewer=viewer))


def open_page(release, viewer, language="en"):
    page = AppTest.from_function(draw, args=(release, viewer, language), default_timeout=120).run()
    assert not page.exception
    return page


def words(page):
    return " ".join(element.value.replace("\\", "") for element in (*page.title, *page.markdown))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "You are best at the early stage, and enjoy the growth stage and the enterprise stage most",
                "You work in the enterprise stage today. Your days hold what you enjoy",
                "only you can read this, whatever you share",
                "Try another about enjoy_enterprise.",
            ),
        ),
        (
            "de",
            (
                "Am besten kannst du die Anfangsphase, am meisten Freude macht dir die Wachstumsphase und",
                "Heute arbeitest du in der Konzernphase. Deine Tage machen dir Freude",
                "nur du kannst das lesen",
            ),
        ),
    ],
)
def test_page_when_opened_by_its_pm_then_says_what_fits_and_where_they_are(release, language, told):
    page = open_page(release, SAM, language)
    assert [part for part in told if part not in words(page)] == []
    assert [text.value for text in page.text] == ["More **drawing**."]
    assert len(page.get("plotly_chart")) == 1
    assert "n = " not in words(page)


def test_page_when_the_pm_did_not_answer_then_says_so(release):
    ada = Viewer(name="Ada", roles=frozenset({Role.PM}), person_id="p-ada")
    assert [title.value for title in open_page(release, ada).title] == ["Stage fit"]


def test_stage_fit_when_everything_else_is_shared_then_still_nobody_else_reads_any_of_it(
    home, tmp_path, release
):
    shutil.copytree(home / "register", tmp_path / "register")
    open_to_leads = AccessPolicy(
        hr=POLICY.hr,
        executive=POLICY.executive,
        council=POLICY.council,
        leads_see_results_from=date(2020, 1, 1),
    )
    with open_register(Settings(home=tmp_path).register_address) as register:
        directory = Directory(register, open_to_leads)
        directory.share_with_lead("p-sam")
        for person in PEOPLE:
            reading = Reading(release=release, viewer=directory.viewer_of(person.person_id))
            is_own = person.person_id == "p-sam"
            found = (
                [cell for cell in reading.cells(Scope.SUBJECT, "p-sam") if cell.key.wave_id == WAVE],
                [one for one in reading.comments("p-sam") if one.wave_id == WAVE],
                [one for one in reading.subjects() if (one.wave_id, one.subject_id) == (WAVE, "p-sam")],
                [reading.number_called(f"{WAVE}:pm/p-sam:self:trait/good_early") or ()],
            )
            assert [bool(any(part)) for part in found] == [is_own] * 4, person.person_id
            assert reading.line(Scope.SUBJECT, "p-sam") == reading.changes(Scope.SUBJECT, "p-sam") == ()


def cell(measure_id: str, score: float) -> Released:
    key = CellKey(
        wave_id=WAVE,
        scope=Scope.SUBJECT,
        scope_id="p-1",
        group=Group.SELF,
        measure=Measure.TRAIT,
        measure_id=measure_id,
    )
    return Released(key=key, score=score, low=None, high=None, rater_count=1, pm_count=1, bound="")


def fit(good=(), enjoy=(), today=None) -> Fit:
    stages = ("early", "growth", "enterprise")
    cells = [cell(f"good_{stage}", score) for stage, score in zip(stages, good, strict=False)]
    cells += [cell(f"enjoy_{stage}", score) for stage, score in zip(stages, enjoy, strict=False)]
    cells += [] if today is None else [cell("stage_today", today)]
    return read_fit(cells, ["stage-fit/2025H2", WAVE]) or Fit(wave_id=WAVE, good={}, enjoy={}, today=None)


@pytest.mark.parametrize(
    ("answers", "title", "today"),
    [
        (
            {"good": (5, 3, 2), "enjoy": (5, 3, 2), "today": 1},
            "You are best at the early stage, and happiest there too",
            "Your days ask for what you are good at and what you enjoy.",
        ),
        (
            {"good": (5, 3, 2), "enjoy": (2, 3, 5), "today": 1},
            "You are best at the early stage, and enjoy the enterprise stage most",
            "though you enjoy something else more",
        ),
        (
            {"good": (5, 3, 2), "enjoy": (5, 3, 2), "today": 2.5},
            "You are best at the early stage, and happiest there too",
            "in the growth stage and the enterprise stage today. What you are best at",
        ),
        (
            {"good": (4, 4, 4.5), "enjoy": (3, 3, 3)},
            "You are about as good at every stage",
            "You did not say",
        ),
        ({"good": (4,)}, "What you said about the stages", "You did not say"),
        ({}, "What you said about the stages", "You did not say"),
    ],
)
def test_fit_when_worded_then_says_no_more_than_the_answers(answers, title, today):
    found = fit(**answers)
    assert fit_title(found).startswith(title)
    assert today in today_words(found)


@pytest.mark.parametrize("theme", list(Theme))
def test_stages_when_drawn_then_each_number_stands_in_alt_and_table(instruments, theme):
    found = fit((5, 3, 2), (2, 3, 5), 1)
    scale = instruments.stage_fit.scale("frequency")
    figure = draw_stages(found, scale, theme)
    assert [list(trace.y) for trace in go.Figure(figure.plotly).data] == [[5, 3, 2], [2, 3, 5]]
    assert "Early: good at it 5.0." in figure.alt
    assert "Early: where you work." in figure.alt
    assert len(figure.table.rows) == len(figure.drawn) == 7
    assert draw_stages(fit((5,)), scale, theme).table.rows == (("Early", "good at it", "5.0"),)
