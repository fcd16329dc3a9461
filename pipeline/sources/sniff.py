"""Which tool wrote a file, seen from its header rows."""

from pathlib import Path
from types import ModuleType

from pipeline.errors import SourceError
from pipeline.sources import canonical, google_forms, plain, qualtrics, surveymonkey
from pipeline.sources.export import Export
from pipeline.sources.table import Sheet, read_sheet

_MODULES: tuple[ModuleType, ...] = (qualtrics, canonical, surveymonkey, google_forms, plain)
TOOLS: dict[str, ModuleType] = {module.TOOL: module for module in _MODULES}
"""The tools by name, in the order they are tried; the last one takes every table."""


def open_export(path: Path, *, tool: str = "", sheet: str = "", header_line: int = 0) -> Export:
    """Returns the rows of a file with its columns named, as the tool that wrote it names them.

    Args:
        path: a CSV, TSV, XLSX, XLS, XLSB or ODS file.
        tool: the tool to read it as; "" recognises it.
        sheet: the sheet of a workbook; "" takes the one that looks like responses.
        header_line: the line of the first header row; 0 takes the first filled one.

    Raises:
        SourceError: the file is no row-level export, or not one of that tool.
    """
    found = read_sheet(path, sheet=sheet, header_line=header_line)
    surveymonkey.refuse_summary(found)
    export: Export = _module(found, tool).read(found)
    return export


def recognise_tool(sheet: Sheet) -> str:
    """Returns the name of the tool that wrote a table; `csv` where none is known by its header."""
    return next(name for name, module in TOOLS.items() if module.recognises(sheet))


def tool_title(tool: str) -> str:
    """Returns how people call a tool.

    >>> tool_title("google_forms"), tool_title("canonical-long")
    ('Google Forms', 'the canonical table')
    """
    title: str = TOOLS[tool.removesuffix("-long")].TITLE
    return title


def _module(sheet: Sheet, tool: str) -> ModuleType:
    module = TOOLS[tool or recognise_tool(sheet)]
    if not module.recognises(sheet):
        raise SourceError(
            "source-tool",
            f"the file does not look like an export of {module.TITLE}",
            where=f"{sheet.file}:{sheet.lines[0]}",
            hint="correct the mapping's tool, or export from that tool again",
        )
    return module
