"""From responses to files: which tool exported a wave, how soiled, and what must come out of it.

A `Recipe` says how a wave is exported; `export_wave` follows it and returns an `ExportFile`, which
carries the file's rows with their fate, so the counts of its reconciliation are known beforehand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from survey.instrument import Instrument
from survey.roster import Person
from survey.synthesis.dirt import Soiling, soil
from survey.synthesis.exports import (
    Grid,
    lay_out_canonical_long,
    lay_out_canonical_wide,
    lay_out_google_forms,
    lay_out_qualtrics,
    lay_out_surveymonkey,
    write_grid,
    write_workbook,
)
from survey.synthesis.responses import Response
from survey.synthesis.sheet import Row, Tally, tally
from survey.synthesis.wording import CellText, code_text, label_text, number_text

People: TypeAlias = Mapping[str, Person]
Naming: TypeAlias = Callable[[str, People], str]
"""How a tool names a subject, given the subject's id and the people by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """How a survey tool exports: its layout, its words for answers and subjects, its bytes."""

    name: str
    lay_out: Callable[[tuple[Row, ...], Instrument], Grid]
    cell_text: CellText
    naming: Naming
    response_id: Callable[[np.random.Generator], str]
    knows_raters: bool
    newline: str = "\r\n"
    has_mark: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one wave, or a part of it, becomes a file."""

    tool: Tool
    file_name: str
    soilings: tuple[Soiling, ...] = ()
    empty_row_count: int = 0
    is_addition: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A file to be written, the wave it belongs to, and the counts its ingest has to show."""

    file_name: str
    tool_name: str
    instrument_id: str
    period: str
    is_addition: bool
    rows: tuple[Row, ...]
    grid: Grid
    newline: str
    has_mark: bool
    expected: Tally

    @property
    def wave_id(self) -> str:
        return f"{self.instrument_id}/{self.period}"


def export_wave(
    recipe: Recipe,
    instrument: Instrument,
    period: str,
    responses: tuple[Response, ...],
    people: People,
    rng: np.random.Generator,
) -> ExportFile:
    """Returns the wave as a file of the recipe's tool, soiled as the recipe says."""
    tool = recipe.tool
    clean = tuple(_row(tool, instrument, period, response, people, rng) for response in responses)
    rows = soil(clean, recipe.soilings, rng)
    grid = tool.lay_out(rows, instrument)
    return ExportFile(
        file_name=recipe.file_name,
        tool_name=tool.name,
        instrument_id=instrument.instrument_id,
        period=period,
        is_addition=recipe.is_addition,
        rows=rows,
        grid=grid + ((("",) * len(grid[0])),) * recipe.empty_row_count,
        newline=tool.newline,
        has_mark=tool.has_mark,
        expected=tally(rows, is_long=tool.is_long),
    )


def write_export(file: ExportFile, folder: Path) -> Path:
    """Writes the file, as a workbook where its name says so, and returns its path."""
    path = folder / file.file_name
    if path.suffix == ".xlsx":
        write_workbook(path, file.grid)
    else:
        write_grid(path, file.grid, newline=file.newline, has_mark=file.has_mark)
    return path


def _row(
    tool: Tool,
    instrument: Instrument,
    period: str,
    response: Response,
    people: People,
    rng: np.random.Generator,
) -> Row:
    scales = {item.item_id: instrument.scale(item.scale_id) for item in instrument.items}
    ratings = {item: tool.cell_text(scales[item], value) for item, value in response.values.items()}
    return Row(
        response=tool.response_id(rng),
        wave=period,
        subject=tool.naming(response.subject_id, people),
        subject_id=response.subject_id,
        relationship=response.relationship.value,
        rater=people[response.rater_id].email if tool.knows_raters else "",
        submitted_at=response.submitted_at,
        cells=ratings | dict(response.words),
    )


def name_by_id(subject_id: str, people: People) -> str:
    """Names a subject by its id; a unit by its path."""
    return subject_id


def name_by_email(subject_id: str, people: People) -> str:
    """Names a subject by the person's address."""
    return people[subject_id].email


def name_in_full(subject_id: str, people: People) -> str:
    """Names a subject as colleagues do, or by address where two people have that name."""
    person = people[subject_id]
    has_twin = sum(person.name == other.name for other in people.values()) > 1
    return person.email if has_twin else person.name


def _no_id(rng: np.random.Generator) -> str:
    return ""


def _respondent_number(rng: np.random.Generator) -> str:
    return str(rng.integers(114_000_000_000, 115_000_000_000))


def _qualtrics_id(rng: np.random.Generator) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "R_" + "".join(letters[place] for place in rng.integers(0, len(letters), 15))


GOOGLE_FORMS = Tool(
    name="google_forms", lay_out=lay_out_google_forms, cell_text=label_text("en"), naming=name_by_email,
    response_id=_no_id, knows_raters=True,
)  # fmt: skip
SURVEYMONKEY = Tool(
    name="surveymonkey", lay_out=lay_out_surveymonkey, cell_text=label_text("en"), naming=name_in_full,
    response_id=_respondent_number, knows_raters=False,
)  # fmt: skip
QUALTRICS = Tool(
    name="qualtrics", lay_out=lay_out_qualtrics, cell_text=code_text, naming=name_by_id,
    response_id=_qualtrics_id, knows_raters=True, newline="\n", has_mark=True,
)  # fmt: skip
CANONICAL_WIDE = Tool(
    name="canonical", lay_out=lay_out_canonical_wide, cell_text=number_text, naming=name_by_id,
    response_id=_no_id, knows_raters=True, newline="\n",
)  # fmt: skip
CANONICAL_LONG = Tool(
    name="canonical", lay_out=lay_out_canonical_long, cell_text=number_text, naming=name_by_id,
    response_id=_no_id, knows_raters=True, newline="\n", is_long=True,
)  # fmt: skip
TOOLS = (GOOGLE_FORMS, SURVEYMONKEY, QUALTRICS, CANONICAL_WIDE, CANONICAL_LONG)
