"""Every look of the review with its tables opened, and the form for promises: light, dark, phone, desktop; and its language."""

from collections.abc import Iterator

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serving, write_made_up_home
from tests.browser.test_pages import HEIGHTS, WAIT_MILLISECONDS, take_shot, wait_for_figures
from tests.dashboard.test_review_page import place_inside

pytestmark = pytest.mark.browser

TABLE, PROMISE = "See these numbers as a table", "Make a promise"
LOOKS = {"overview": 4, "units": 1, "further": 2, "inside": 2, "slices": 1, "relationships": 1}
"""How many figures each look draws."""

MORE_SCOPES = {
    1001: ("slice", "stage/early"),
    1002: ("slice", "pm_type/b2b"),
    1003: ("relationship", "design/Product"),
}
ALIKE = """
insert into cell by name
select c.* replace ({scope_no} as scope_no)
from cell as c inner join scope as p using (scope_no) inner join measure as m using (measure_no)
where p.scope = 'unit' and p.scope_id = 'Product' and m.measure = 'trait'
"""
ANSWERED = """
insert into nonresponse
select c.wave_no, c.scope_no, c.measure_no, 0.75, c.score * 0.75 + 0.25, c.score * 0.75 + 1.25, false
from cell as c inner join scope as p using (scope_no) inner join measure as m using (measure_no)
where p.scope = 'unit' and m.measure = 'trait' and c.reason_no = 0
"""


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard whose review has every look."""
    home = tmp_path_factory.mktemp("looks")
    write_made_up_home(home)
    with duckdb.connect(str(home / "releases" / "release-000001.duckdb")) as connection:
        place_inside(connection)
        connection.execute(ANSWERED)
        for scope_no, named in MORE_SCOPES.items():
            connection.execute("insert into scope values (?, ?, ?)", [scope_no, *named])
            connection.execute(ALIKE.format(scope_no=scope_no))
    with serving(home) as address:
        yield address


@pytest.fixture(scope="module", params=("light", "dark"))
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, str]]:
    context = browser.new_context(color_scheme=request.param, viewport={"width": 390, "height": HEIGHTS[390]})
    context.set_default_timeout(WAIT_MILLISECONDS)
    yield context.new_page(), request.param
    context.close()


def open_all(page: Page, label: str) -> None:
    """Opens every fold of that label, and waits until what is in it is drawn."""
    folds = page.locator("details").filter(has_text=label)
    for place in range(folds.count()):
        folds.nth(place).locator("summary").click()
        expect(folds.nth(place).locator("table, form, [data-testid=stForm]").first).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_look_when_everything_in_it_is_opened_then_fits_and_axe_finds_nothing(visitor, reviewed, look):
    page, theme = visitor
    page.set_viewport_size({"width": 390, "height": HEIGHTS[390]})
    page.goto(f"{reviewed}/units?as=hr&look={look}")
    expect(page.locator("h1")).to_be_visible()
    wait_for_figures(page, LOOKS[look])
    for label in (TABLE, PROMISE) if look == "overview" else (TABLE,):
        open_all(page, label)
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        wait_for_figures(page, LOOKS[look])
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], width
        take_shot(page, f"review-{look}-{width}-{theme}", width)


def test_language_when_chosen_by_keyboard_then_every_page_speaks_it(visitor, reviewed):
    page, _ = visitor
    page.set_viewport_size({"width": 390, "height": HEIGHTS[390]})
    page.goto(f"{reviewed}/units?as=hr&look=overview")
    page.get_by_role("radio", name="English").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="Was sich verändert hat")).to_be_visible()
    assert "lang=de" in page.url
    page.goto(f"{reviewed}/about?as=hr&lang=de")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zahlen")
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
