"""Writes rows the way each survey tool exports them: header rows, meta columns, dates, oddities.

Every function returns a `Grid` of text; `write_grid` puts it into a CSV file with the tool's line
ends. The layouts follow real exports; not a byte of one is copied.
"""

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from survey.instrument import Instrument, Item
from survey.synthesis.sheet import Row

Grid: TypeAlias = tuple[tuple[str, ...], ...]

LANGUAGE = "en"
SUBJECT_QUESTION = "Who are you answering about?"
RELATIONSHIP_QUESTION = "How do you work with this person?"
STEM = "In the situations I saw this quarter, this PM ..."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column of an export: its header rows from the top, and the cell it has in each row."""

    headers: tuple[str, ...]
    cells: tuple[str, ...]


def lay_out_google_forms(rows: tuple[Row, ...], instrument: Instrument) -> Grid:
    """Returns a Google Forms sheet: one header row, grids as `Question  [Row]`, e-mails collected."""
    columns = [
        _Column(
            headers=("Timestamp",),
            cells=tuple(f"{row.submitted_at:%Y/%m/%d %I:%M:%S %p} CET" for row in rows),
        ),
        _Column(headers=("Email Address",), cells=tuple(row.rater for row in rows)),
        _Column(headers=(SUBJECT_QUESTION,), cells=tuple(row.subject for row in rows)),
        _Column(headers=(RELATIONSHIP_QUESTION,), cells=tuple(row.relationship for row in rows)),
        *(
            _answers(rows, item.item_id, _text(item) if item.is_event else f"{STEM}  [{_text(item)}]")
            for item in instrument.items
        ),
        *(_answers(rows, prompt.prompt_id, prompt.text[LANGUAGE]) for prompt in instrument.prompts),
    ]
    return _grid(columns, len(rows))


def lay_out_surveymonkey(rows: tuple[Row, ...], instrument: Instrument) -> Grid:
    """Returns a SurveyMonkey sheet: two header rows, and stars for the last trait, a column a point."""
    stars = starred_items(instrument)
    scaled = [item for item in instrument.items if not item.is_event and item not in stars]
    events = [item for item in instrument.items if item.is_event]
    columns = [
        *_surveymonkey_meta(rows),
        *(
            _answers(rows, item.item_id, "" if place else STEM, _text(item))
            for place, item in enumerate(scaled)
        ),
        *(column for item in stars for column in _stars(rows, item, instrument)),
        *(_answers(rows, item.item_id, _text(item), "Response") for item in events),
        *(
            _answers(rows, prompt.prompt_id, prompt.text[LANGUAGE], "Open-Ended Response")
            for prompt in instrument.prompts
        ),
    ]
    return _grid(columns, len(rows))


def starred_items(instrument: Instrument) -> tuple[Item, ...]:
    """Returns the items asked as stars: those of the last trait."""
    return instrument.scaled_items(instrument.traits[-1].trait_id)


def _surveymonkey_meta(rows: tuple[Row, ...]) -> list[_Column]:
    ended = [row.submitted_at for row in rows]
    started = [
        moment - timedelta(minutes=5, seconds=len(row.cells)) for moment, row in zip(ended, rows, strict=True)
    ]
    nothing = ("",) * len(rows)
    return [
        _Column(headers=("Respondent ID", ""), cells=tuple(row.response for row in rows)),
        _Column(headers=("Collector ID", ""), cells=("402220010",) * len(rows)),
        _Column(headers=("Start Date", ""), cells=tuple(map(_twelve_hours, started))),
        _Column(headers=("End Date", ""), cells=tuple(map(_twelve_hours, ended))),
        *(
            _Column(headers=(name, ""), cells=nothing)
            for name in ("IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1")
        ),
        _Column(headers=(SUBJECT_QUESTION, "Response"), cells=tuple(row.subject for row in rows)),
        _Column(headers=(RELATIONSHIP_QUESTION, "Response"), cells=tuple(row.relationship for row in rows)),
    ]


def _twelve_hours(moment: datetime) -> str:
    return f"{moment:%m/%d/%Y} {moment:%I:%M:%S %p}"


def _stars(rows: tuple[Row, ...], item: Item, instrument: Instrument) -> list[_Column]:
    scale = instrument.scale(item.scale_id)
    labels = (*scale.labels[LANGUAGE], *scale.not_observed[LANGUAGE][-1:])
    points = tuple(format(point.normalize(), "f") for point in scale.points)
    ticks = (*points, *scale.not_observed[LANGUAGE][-1:])
    headers = (*(f" - {point}" for point in points), *scale.not_observed[LANGUAGE][-1:])
    cells = tuple(row.cells.get(item.item_id, "").strip().casefold() for row in rows)
    return [
        _Column(
            headers=("" if place else _text(item), header),
            cells=tuple(tick if cell == label.casefold() else "" for cell in cells),
        )
        for place, (label, tick, header) in enumerate(zip(labels, ticks, headers, strict=True))
    ]


def lay_out_qualtrics(rows: tuple[Row, ...], instrument: Instrument) -> Grid:
    """Returns a Qualtrics sheet: names, labels and ImportIds as three header rows; numeric codes."""
    texts = {
        item.item_id: _text(item) if item.is_event else f"{STEM} - {_text(item)}" for item in instrument.items
    }
    texts |= {prompt.prompt_id: prompt.text[LANGUAGE] for prompt in instrument.prompts}
    questions = [
        _answers(rows, answered_id, code, text, _import_id(f"QID{code[1:]}"))
        for answered_id, text in texts.items()
        for code in (qualtrics_code(instrument, answered_id),)
    ]
    return _grid([*_qualtrics_meta(rows), *questions, *_qualtrics_embedded(rows)], len(rows))


def qualtrics_code(instrument: Instrument, answered_id: str) -> str:
    """Returns the name of a column: `Q2_3` for the third item of the second trait, `Q7` for a prompt."""
    prompts = [prompt.prompt_id for prompt in instrument.prompts]
    if answered_id in prompts:
        return f"Q{len(instrument.traits) + 1 + prompts.index(answered_id)}"
    trait_id = next(item.trait_id for item in instrument.items if item.item_id == answered_id)
    asked = [item.item_id for item in instrument.items if item.trait_id == trait_id]
    traits = [trait.trait_id for trait in instrument.traits]
    return f"Q{traits.index(trait_id) + 1}_{asked.index(answered_id) + 1}"


def _qualtrics_meta(rows: tuple[Row, ...]) -> list[_Column]:
    ended = tuple(f"{row.submitted_at:%Y-%m-%d %H:%M:%S}" for row in rows)
    started = tuple(f"{row.submitted_at - timedelta(minutes=4):%Y-%m-%d %H:%M:%S}" for row in rows)
    previews = [row.is_preview for row in rows]
    constant = {"Progress": "100", "Duration (in seconds)": "240", "Finished": "1", "UserLanguage": "EN"}
    described: list[tuple[str, str, str, tuple[str, ...]]] = [
        ("StartDate", "Start Date", "startDate", started),
        ("EndDate", "End Date", "endDate", ended),
        ("Status", "Response Type", "status", tuple("1" if one else "0" for one in previews)),
        *((name, name, _camel(name), (text,) * len(rows)) for name, text in constant.items()),
        ("RecordedDate", "Recorded Date", "recordedDate", ended),
        ("ResponseId", "Response ID", "_recordId", tuple(row.response for row in rows)),
        ("RecipientEmail", "Recipient Email", "recipientEmail", tuple(row.rater for row in rows)),
        (
            "DistributionChannel", "Distribution Channel", "distributionChannel",
            tuple("preview" if one else "email" for one in previews),
        ),
    ]  # fmt: skip
    return [
        _Column(headers=(name, label, _import_id(import_id)), cells=cells)
        for name, label, import_id, cells in described
    ]


def _qualtrics_embedded(rows: tuple[Row, ...]) -> list[_Column]:
    embedded = {
        "subject_id": tuple(row.subject for row in rows),
        "relationship": tuple(row.relationship for row in rows),
    }
    return [_Column(headers=(name, name, _import_id(name)), cells=cells) for name, cells in embedded.items()]


def _camel(name: str) -> str:
    word = name.partition(" ")[0]
    return word[0].lower() + word[1:]


def _import_id(text: str) -> str:
    return json.dumps({"ImportId": text}, separators=(",", ":"))


def lay_out_canonical_wide(rows: tuple[Row, ...], instrument: Instrument) -> Grid:
    """Returns our own wide shape: one line per response, one column per item and prompt id."""
    ids = [item.item_id for item in instrument.items] + [prompt.prompt_id for prompt in instrument.prompts]
    header = ("wave", "subject_id", "relationship", "rater", *ids, "submitted_at")
    lines = (
        (
            row.wave, row.subject, row.relationship, row.rater, *(row.cells.get(one, "") for one in ids),
            f"{row.submitted_at:%Y-%m-%dT%H:%M:%S}",
        )
        for row in rows
    )  # fmt: skip
    return (header, *lines)


def lay_out_canonical_long(rows: tuple[Row, ...], instrument: Instrument) -> Grid:
    """Returns our own long shape: one line per answer, whatever was asked."""
    header = ("wave", "subject_id", "relationship", "rater", "item", "value", "submitted_at")
    lines = (
        (
            row.wave,
            row.subject,
            row.relationship,
            row.rater,
            item,
            text,
            f"{row.submitted_at:%Y-%m-%dT%H:%M:%S}",
        )
        for row in rows
        for item, text in row.cells.items()
    )
    return (header, *lines)


def write_grid(path: Path, grid: Grid, *, newline: str = "\r\n", has_mark: bool = False) -> None:
    """Writes a CSV file; `has_mark` puts a byte order mark before it, as some tools do."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=newline).writerows(grid)
    path.write_bytes(text.getvalue().encode("utf-8-sig" if has_mark else "utf-8"))


def write_workbook(path: Path, grid: Grid) -> None:
    """Writes an XLSX file with the sheet that Google Forms makes, the same bytes every time."""
    import xlsxwriter  # noqa: PLC0415 - only this shape needs it

    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": datetime(2026, 1, 1)})
        sheet = workbook.add_worksheet("Form Responses 1")
        for line, cells in enumerate(grid):
            for column, text in enumerate(cells):
                sheet.write_string(line, column, text)


def _text(item: Item) -> str:
    return item.text[LANGUAGE]


def _answers(rows: tuple[Row, ...], answered_id: str, *headers: str) -> _Column:
    return _Column(headers=headers, cells=tuple(row.cells.get(answered_id, "") for row in rows))


def _grid(columns: list[_Column], row_count: int) -> Grid:
    headers = zip(*(column.headers for column in columns), strict=True)
    cells = zip(*(column.cells for column in columns), strict=True)
    return (*headers, *(tuple(line) for line in cells)) if row_count else tuple(headers)
