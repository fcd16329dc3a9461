"""SurveyMonkey: CSV or XLSX with two header rows, the question above its choices or rows.

A question stands only above its first column, so it is carried to the right. The summary export,
which counts answers per question, holds no single response and is refused by name.
"""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from pipeline.errors import SourceError
from pipeline.sources.export import Column, Export, Field, found_fields, plain_text
from pipeline.sources.table import Sheet

TOOL = "surveymonkey"
TITLE = "SurveyMonkey"

_IDS = {"respondent id", "respondentid"}
_ANSWER_HEADERS = {"response", "open-ended response"}
_WHOLE_QUESTION = _ANSWER_HEADERS | {""}
_CONVENTIONS = {
    Field.RESPONSE: ("respondent id", "respondentid"),
    Field.SUBMITTED_AT: ("end date", "date modified", "start date", "date created"),
}


def refuse_summary(sheet: Sheet) -> None:
    """Refuses the export that only counts answers per question.

    Raises:
        SourceError: the file is such a summary.
    """
    words = {cell.strip() for record in sheet.records[:200] for cell in record[-2:] + record[:2]}
    if {"Answered", "Skipped"} <= words:
        raise SourceError(
            "source-summary",
            "this is SurveyMonkey's summary of answers per question, it holds no single responses",
            where=sheet.file,
            hint="in SurveyMonkey choose Save as > Export file > All individual responses",
        )


def recognises(sheet: Sheet) -> bool:
    """True for a `Respondent ID` above an empty cell, or a second row of `Response` and the like."""
    if len(sheet.records) == 1:
        return False
    first, second = ([plain_text(cell) for cell in record] for record in sheet.records[:2])
    if first[0] in _IDS:
        return not second[0]
    return len(second) == len(first) and not _ANSWER_HEADERS.isdisjoint(second)


def read(sheet: Sheet) -> Export:
    """Returns the export. A column goes by its question, by `question [choice]` and by its choice.

    Raises:
        SourceError: the rows do not fit the header, or there are none.
    """
    columns = tuple(_columns(sheet.records[0], sheet.records[1]))
    rows, lines = sheet.rows_below(2, len(columns))
    return Export(
        tool=TOOL,
        file=sheet.file,
        columns=columns,
        rows=rows,
        lines=lines,
        fields=found_fields(columns, _CONVENTIONS),
        notices=sheet.notices,
    )


def _columns(first: Sequence[str], second: Sequence[str]) -> Iterable[Column]:
    question = ""
    for number, (above, below) in enumerate(zip_longest(first, second, fillvalue=""), start=1):
        choice = below.strip()
        question = above.strip() or (question if choice else "")
        yield _column(number, question, choice)


def _column(number: int, question: str, choice: str) -> Column:
    if plain_text(choice) in _WHOLE_QUESTION:
        return Column(number=number, text=question, names=(question,) if question else (), question=question)
    full = f"{question} [{choice}]" if question else choice
    return Column(number=number, text=full, names=(full, choice), question=question, choice=choice)
