"""Everybody in the demo opens every page they have, and all that is drawn, tabled and offered there is written down.

Pages are drawn as they are; nothing stands in for any part of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.access import FOR_EVERYBODY, Page, Viewer, pages_of
from dashboard.directory import open_directory
from dashboard.figures.figure import Figure, Table
from dashboard.personas import personas
from dashboard.reading import Reading
from dashboard.report.review import Review
from dashboard.report.story import FIRST, Part
from dashboard.views import evidence, explained, review
from survey.config import Settings
from survey.language import wording

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
SCRIPT = f"import runpy; runpy.run_path({str(APP)!r}, run_name='__main__')"
"""Runs the pages as Streamlit does, which would parse that whole file once more for each visit."""

WITHOUT_NUMBERS = {*FOR_EVERYBODY, Page.WAVES, Page.DATA, Page.ROSTER, Page.COUNCIL, Page.NUMBER}
TRAITS = ("Taste", "Honesty", "Clarity", "Focus", "Precise communication", "Follow-through")
"""What a PM can look at closer. Each opens one of them, in turn, so that every one is opened by several."""

LOOKS = tuple(part for part in Part if part not in FIRST)
OF_PMS, OF_UNITS = ("core-competencies", "stage-fit"), ("core-competencies", "three-lenses")
"""The instruments with a page of their own."""

TABLES = (
    *(Page.MY_RESULTS, Page.MY_TEAM, "unit", *OF_PMS, *OF_UNITS, *LOOKS, f"{Part.INSIDE}-1"),
    *("taste", "honesty", "clarity", "focus", "communication", "follow_through"),
)
"""What the tables of pages are called: they are drawn once somebody opens them, and here everybody does."""

ReadAnew = Callable[[], Review]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One page as somebody saw it.

    `figures` stand with what may be read there, `tables` with the figures they join, `files` are tables as
    CSV; `reviews` can be taken along: as it was drawn, how it is read anew, and the release's number.
    """

    viewer: Viewer
    path: str
    figures: list[tuple[Figure, Reading]] = field(default_factory=list)
    tables: list[tuple[tuple[Figure, ...], Table]] = field(default_factory=list)
    files: list[tuple[Table, bytes]] = field(default_factory=list)
    reviews: list[tuple[Review, ReadAnew, int]] = field(default_factory=list)


def walk(home: Path) -> Iterator[Visit]:
    """Yields every visit of everybody; `home` is the demo that the environment names."""
    directory = open_directory(Settings(home=home))
    for turn, one in enumerate(personas(directory, wording("en"))):
        viewer = directory.viewer_of(one.person_id)
        assert viewer is not None
        for path, query in places(viewer, TRAITS[turn % len(TRAITS)]):
            yield visit(Visit(viewer=viewer, path=path), {"as": one.persona_id, **query})


def places(viewer: Viewer, trait: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yields where the viewer finds numbers: pages and instruments, with every look at them."""
    pages = [page for page in pages_of(viewer) if page not in WITHOUT_NUMBERS]
    own = chain(OF_PMS if viewer.is_pm else (), OF_UNITS if Page.UNITS in pages else ())
    for path in dict.fromkeys((*map(str, pages), *own)):
        yield path, {}
    if viewer.is_pm:
        yield Page.MY_RESULTS, {"trait": trait}
    if viewer.shared_ids:
        yield from ((Page.SHARED, {"trait": one}) for one in TRAITS)
    if Page.UNITS in pages:
        yield from ((Page.UNITS, {"look": part.value}) for part in LOOKS)


def visit(seen: Visit, query: Mapping[str, str]) -> Visit:
    """Opens one page, and returns what was seen on it."""
    tab = AppTest.from_string(SCRIPT, default_timeout=120)
    for name, value in query.items():
        tab.query_params[name] = value
    for name in TABLES:
        tab.session_state[f"table-{name}"] = True
    tab._page_hash = calc_hash(seen.path)
    with pytest.MonkeyPatch.context() as patch:
        write_down(patch, seen)
        tab.run()
    assert not tab.exception, (sorted(seen.viewer.roles), seen.path, query)
    return seen


def write_down(patch: pytest.MonkeyPatch, seen: Visit) -> None:
    """Notes what the views draw, and lets them draw it."""

    def noting(module: object, name: str, note: Callable[..., None]) -> None:
        original = getattr(module, name)

        def noted(*args: object, **kwargs: object) -> object:
            result = original(*args, **kwargs)
            note(result, *args)
            return result

        patch.setattr(module, name, noted)

    noting(explained, "show_button", lambda _, figure, __, release: seen.figures.append((figure, release)))
    noting(evidence, "joined", lambda table, figures: seen.tables.append((tuple(figures), table)))
    noting(evidence, "render_csv", lambda content, table: seen.files.append((table, content)))
    noting(review, "show_files", lambda _, *given: seen.reviews.append(given))
