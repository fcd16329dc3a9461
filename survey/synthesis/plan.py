"""Which file the demo gets from which tool, and what is wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.instrument import Instrument
from survey.roster import Person
from survey.synthesis.dirt import (
    OTHER_WAVE,
    UNKNOWN_RELATIONSHIP,
    UNKNOWN_SUBJECT,
    Typo,
    break_answers,
    name_ambiguously,
    pad_and_shout,
    preview,
    refuse,
    submit_again,
    translate,
)
from survey.synthesis.export_file import (
    CANONICAL_LONG,
    CANONICAL_WIDE,
    GOOGLE_FORMS,
    QUALTRICS,
    SURVEYMONKEY,
    Recipe,
)

PART_BRANCH = "Product/Consumer"
"""The branch whose 2026Q2 answers come in a file of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file of one wave. `branch`: the only one it holds; `but_branch`: one that it does not hold."""

    instrument_id: str
    period: str
    recipe: Recipe
    branch: str = ""
    but_branch: str = ""

    def is_about(self, unit: str) -> bool:
        """True if answers about somebody of that unit stand in this file."""
        is_left_out = bool(self.but_branch) and unit.startswith(self.but_branch)
        return unit.startswith(self.branch) and not is_left_out


def plan_files(great_pm: Instrument, people: Mapping[str, Person]) -> tuple[PlannedFile, ...]:
    """Returns the demo's files in the order in which they are taken in."""
    return (
        PlannedFile(instrument_id="great-pm", period="2025Q3", recipe=_google_forms(great_pm, people)),
        PlannedFile(instrument_id="great-pm", period="2025Q4", recipe=_surveymonkey(great_pm, people)),
        PlannedFile(instrument_id="core-competencies", period="2025H2", recipe=_half_year("2025H2")),
        PlannedFile(instrument_id="great-pm", period="2026Q1", recipe=_qualtrics(great_pm)),
        PlannedFile(
            instrument_id="great-pm", period="2026Q2", recipe=_second_qualtrics(great_pm),
            but_branch=PART_BRANCH,
        ),
        PlannedFile(
            instrument_id="great-pm", period="2026Q2", recipe=_addition(great_pm), branch=PART_BRANCH
        ),
        PlannedFile(instrument_id="core-competencies", period="2026H1", recipe=_half_year("2026H1")),
        PlannedFile(instrument_id="three-lenses", period="2026Q2", recipe=_teams("2026Q2")),
        PlannedFile(instrument_id="great-pm", period="2026Q3", recipe=_canonical(great_pm)),
        PlannedFile(instrument_id="three-lenses", period="2026Q3", recipe=_teams("2026Q3")),
        PlannedFile(instrument_id="stage-fit", period="2026Q3", recipe=_stage_fit()),
    )  # fmt: skip


def _google_forms(great_pm: Instrument, people: Mapping[str, Person]) -> Recipe:
    engineer = next(person for person in people.values() if person.role == "engineering")
    return Recipe(
        tool=GOOGLE_FORMS,
        file_name="2025Q3-google-forms.csv",
        soilings=(
            refuse(UNKNOWN_SUBJECT, 3),
            refuse(UNKNOWN_RELATIONSHIP, 2),
            refuse(Typo(field="subject", text=engineer.email, rule="subject_not_in_wave"), 1),
            break_answers(great_pm, "it depends, really", "value_unreadable", 4),
            submit_again(3),
            translate(great_pm, "de", 5),
            pad_and_shout(6),
        ),
        empty_row_count=2,
    )


def _surveymonkey(great_pm: Instrument, people: Mapping[str, Person]) -> Recipe:
    names = [person.name for person in people.values()]
    twins = {one.person_id: one.name for one in people.values() if names.count(one.name) > 1}
    return Recipe(
        tool=SURVEYMONKEY,
        file_name="2025Q4-surveymonkey.csv",
        soilings=(
            refuse(UNKNOWN_SUBJECT, 2),
            name_ambiguously(twins, 2),
            break_answers(great_pm, "see my comment\nbelow", "value_unreadable", 3),
            pad_and_shout(5),
        ),
    )


def _qualtrics(great_pm: Instrument) -> Recipe:
    return Recipe(
        tool=QUALTRICS,
        file_name="2026Q1-qualtrics.csv",
        soilings=(
            submit_again(4),
            break_answers(great_pm, "9", "value_off_scale:", 3),
            refuse(UNKNOWN_RELATIONSHIP, 1),
            preview(3),
        ),
    )


def _second_qualtrics(great_pm: Instrument) -> Recipe:
    return Recipe(
        tool=QUALTRICS,
        file_name="2026Q2-qualtrics.csv",
        soilings=(submit_again(2), break_answers(great_pm, "0", "value_off_scale:", 2), preview(2)),
    )


def _addition(great_pm: Instrument) -> Recipe:
    return Recipe(
        tool=CANONICAL_WIDE,
        file_name="2026Q2-consumer-part.csv",
        soilings=(refuse(OTHER_WAVE, 2), break_answers(great_pm, "3.5", "value_off_scale:", 1)),
        is_addition=True,
    )


def _canonical(great_pm: Instrument) -> Recipe:
    return Recipe(
        tool=CANONICAL_WIDE,
        file_name="2026Q3-canonical.csv",
        soilings=(
            refuse(OTHER_WAVE, 3),
            refuse(UNKNOWN_SUBJECT, 2),
            break_answers(great_pm, "7", "value_off_scale:", 3),
            break_answers(great_pm, "rather good", "value_unreadable", 2),
            submit_again(3),
        ),
        empty_row_count=1,
    )


def _half_year(period: str) -> Recipe:
    return Recipe(
        tool=CANONICAL_WIDE, file_name=f"{period}-core-competencies.csv", soilings=(submit_again(2),)
    )


def _teams(period: str) -> Recipe:
    return Recipe(tool=CANONICAL_LONG, file_name=f"{period}-three-lenses.csv")


def _stage_fit() -> Recipe:
    return Recipe(tool=CANONICAL_WIDE, file_name="2026Q3-stage-fit.csv")
