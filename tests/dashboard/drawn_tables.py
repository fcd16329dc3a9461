"""The tables below figures, as a page sends them."""

from html.parser import HTMLParser

from streamlit.testing.v1 import AppTest


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_cell = False

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self._is_cell = tag in ("th", "td")
        if tag == "tr":
            self.rows.append([])
        elif self._is_cell:
            self.rows[-1].append("")

    def handle_endtag(self, _: str) -> None:
        self._is_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.rows[-1][-1] += data


def drawn_tables(page: AppTest) -> list[list[list[str]]]:
    """Returns each table's rows, the first of them its head."""
    found = []
    for element in page.get("html"):
        reader = _Rows()
        reader.feed(element.proto.body)
        if reader.rows:
            found.append(reader.rows)
    return found
