"""How a page shows a figure: the finding above it, then the drawing, then the same numbers in rows."""

from collections.abc import Sequence
from html import escape

import streamlit as st
from plotly.basedatatypes import BaseFigure

from dashboard.export import render_csv
from dashboard.figures.figure import Drawing, Figure, Table
from dashboard.figures.palette import Theme
from dashboard.figures.template import CONFIG
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views import explained
from dashboard.wording import escape_markdown


def viewer_theme() -> Theme:
    """Returns the theme the viewer's browser asks for."""
    return Theme.DARK if st.context.theme.type == "dark" else Theme.LIGHT


def show_note(text: str) -> None:
    """Writes a short text in the smallest size, in full contrast; the text is shown as it is."""
    st.markdown(f":small[{escape_markdown(text)}]")


def show_figure(figure: Figure, key: str, release: Reading | None = None) -> None:
    """Draws a figure under its finding; the key must be unique on the page.

    Given the reading its numbers come from, each of them can be explained.
    """
    with st.container(gap="xsmall"):
        show_title(figure.title)
        show_drawing(figure, key, release)


def show_title(finding: str) -> None:
    """Writes the finding of a figure: a heading right below the page's, as a screen reader wants it, but smaller."""
    size = '<span style="font-size: 1rem">'
    st.markdown(f"## {size}{escape_markdown(finding)}</span>", unsafe_allow_html=True)


def show_drawing(figure: Figure, key: str, release: Reading | None = None) -> None:
    """Draws a figure whose finding is the headline of the page already."""
    show_note(figure.subtitle)
    st.plotly_chart(Checked(figure.plotly), theme=None, config=CONFIG, alt=figure.alt, key=key)
    if release is not None:
        explained.show_button(figure, key, release)


class Checked(BaseFigure):  # type: ignore[misc] # Plotly ships no types
    """A figure that Streamlit sends as it is; a dict it would have Plotly check, property by property."""

    def __init__(self, drawing: Drawing) -> None:
        self.__dict__["drawing"] = drawing

    def to_dict(self) -> Drawing:
        """Returns what is drawn."""
        drawing: Drawing = self.__dict__["drawing"]
        return drawing


def show_table(figures: Sequence[Figure], name: str) -> None:
    """Offers the numbers of the figures on the page as a table and as a file; both are made when it is opened."""
    with st.expander(spoken().say("table_open"), key=f"table-{name}", on_change="rerun") as offered:
        if offered.open:
            label = figures[0].title if len(figures) == 1 else spoken().say("table_alt")
            draw_table(joined(figures), name, label)


def draw_table(table: Table, name: str, label: str) -> None:
    """Draws the rows under a name for screen readers that no other table of the page has, with the same as a file."""
    words = spoken()
    st.html(table_html(table, label))
    st.download_button(
        words.say("table_csv"),
        data=render_csv(table),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"csv-{name}",
    )


def table_html(table: Table, label: str) -> str:
    """Returns a table that scrolls sideways on a phone, and by keyboard: Streamlit's own cannot be reached by it."""
    heads = "".join(f'<th scope="col" style="{_CELL}">{escape(column)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{_row_html(row)}</tr>" for row in table.rows)
    return (
        f'<div tabindex="0" role="region" aria-label="{escape(label)}" style="overflow-x: auto">'
        f'<table style="{_TABLE}"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row_html(row: Sequence[str]) -> str:
    head, *values = row
    cells = "".join(f'<td style="{_CELL}">{escape(value)}</td>' for value in values)
    return f'<th scope="row" style="{_CELL}">{escape(head)}</th>{cells}'


_TABLE = "min-width: 100%; border-collapse: collapse; font-size: .875rem"
_CELL = (
    "padding: .375rem 1rem .375rem 0; text-align: start; vertical-align: top; font-weight: 400; "
    "border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent)"
)


def show_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], alt: str) -> None:
    """Draws plain rows; columns and what the table is are keys of texts, the cells are shown as they are."""
    words = spoken()
    st.table(
        {words.say(key): [escape_markdown(row[place]) for row in rows] for place, key in enumerate(columns)},
        border="horizontal",
        hide_index=True,
        alt=words.say(alt),
    )


def joined(figures: Sequence[Figure]) -> Table:
    """Returns one table for several figures: a first column names each, and each number stands under its own heading."""
    if len(figures) == 1:
        return figures[0].table
    columns = tuple(dict.fromkeys(column for figure in figures for column in figure.table.columns))
    rows = (
        (
            figure.title,
            *(dict(zip(figure.table.columns, row, strict=True)).get(column, "") for column in columns),
        )
        for figure in figures
        for row in figure.table.rows
    )
    return Table(columns=(spoken().say("table_figure"), *columns), rows=tuple(rows))
