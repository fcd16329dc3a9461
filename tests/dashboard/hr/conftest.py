"""HR's desk over a small team, and a worker that does what the pages ask for."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access_policy import AccessPolicy
from dashboard.desk import Desk
from dashboard.directory import Directory
from pipeline.worker import Worker, utc_now
from survey.config import Settings
from survey.register import Register, open_register
from survey.register_jobs import Jobs
from tests.asked_world import ROSTER

HR = "lead"


def draw(desk, language, module):
    """The script of a page alone; AppTest runs it in a module of its own, so it imports for itself."""
    import importlib  # noqa: PLC0415

    from survey.language import wording  # noqa: PLC0415

    importlib.import_module(f"dashboard.views.{module}").show(desk, wording(language))


@dataclass(kw_only=True)
class Office:
    """HR at the desk: opens pages, hands files in, and has a worker do what was asked."""

    settings: Settings
    register: Register
    hr: str = HR
    environment: dict[str, str] = field(default_factory=dict)

    def desk(self, person_id: str = "") -> Desk:
        policy = AccessPolicy(hr=frozenset({self.hr}), executive=frozenset({"e1"}), council=frozenset({"e2"}))
        directory = Directory(self.register, policy)
        viewer = directory.viewer_of(person_id or self.hr)
        assert viewer is not None
        return Desk(directory=directory, viewer=viewer, settings=self.settings)

    def open(self, module: str, *, language: str = "en", person_id: str = "", **link: str) -> AppTest:
        page = AppTest.from_function(draw, args=(self.desk(person_id), language, module), default_timeout=60)
        for name, value in link.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception
        return page

    def hand_in(self, content: str | bytes) -> str:
        """Puts a file where the route of uploads puts it, and returns the name it was given."""
        name = secrets.token_hex(16)
        self.settings.inbox_path.mkdir(parents=True, exist_ok=True)
        text = content.encode() if isinstance(content, str) else content
        (self.settings.inbox_path / name).write_bytes(text)
        return name

    def do_all(self) -> None:
        """Has everything done that was asked for."""
        worker, jobs = (
            Worker(self.settings, self.environment, name="w1", now=utc_now),
            Jobs(self.register.store),
        )
        while worker.do_next(jobs):
            pass

    def work(self, page: AppTest) -> AppTest:
        """Has everything done that was asked for, and draws the page again."""
        self.do_all()
        page.run()
        assert not page.exception
        return page

    def press(self, page: AppTest, key: str) -> AppTest:
        """Presses a button, confirming first where the page asks for it, and has the work done."""
        sure = f"sure-{key.removeprefix('do-')}"
        if sure in [box.key for box in page.checkbox]:
            page.checkbox(key=sure).check().run()
        page.button(key=key).click().run()
        assert not page.exception
        return self.work(page)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    settings = Settings(home=tmp_path / "home")
    with open_register(settings.register_address) as register:
        register.replace_roster(ROSTER)
        yield Office(settings=settings, register=register)


def text_of(page: AppTest) -> str:
    """Returns all that is written on a page, without the signs that keep it from being Markdown."""
    kinds = (
        page.title,
        page.header,
        page.markdown,
        page.success,
        page.info,
        page.warning,
        page.error,
        page.text,
    )
    return " ".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def tables_of(page: AppTest) -> str:
    """Returns what stands in the tables of a page."""
    return " ".join(table.value.to_string().replace("\\", "") for table in page.table)
