"""A quarter as its people live it: HR at the command line, PMs, leads and raters in a plain browser."""

import contextlib
import csv
import io
import json
import os
import random
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dashboard.cli import run
from survey.roster_file import render_roster
from survey.synthesis import company
from survey.synthesis.world import make_organisation
from tests.journey.visitor import Form, Page, Visitor
from tests.mail_server import Inbox

LINK = re.compile(r"/([fna])/([\w-]{20,})")
NEWCOMERS = 240
OTHERS_PER_PM = 8
AT_ONCE = 12


@dataclass(kw_only=True)
class Quarter:
    """The place where it all happens. `forms` are the addresses of the form's processes."""

    home: Path
    inbox: Inbox
    forms: Sequence[str]
    silent: set[str] = field(default_factory=set)

    def pmhealth(self, *arguments: str, exit_code: int = 0) -> str:
        """Returns what a command says; it must end as expected."""
        said, worked = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(worked):
            code = run(["--home", str(self.home), *arguments])
        assert code == exit_code, worked.getvalue()
        return said.getvalue()

    def ask(self, *arguments: str) -> Any:
        """Returns what a command says in JSON."""
        return json.loads(self.pmhealth(*arguments, "--json"))

    def links(self, purpose: str) -> dict[str, list[str]]:
        """Returns the paths of every personal link mailed so far, by address, the earliest first."""
        found: dict[str, list[str]] = {}
        for mail in self.inbox.received:
            body = mail.get_body(("plain",))
            assert body is not None
            for kind, secret in dict.fromkeys(LINK.findall(body.get_content())):
                if kind == purpose:
                    found.setdefault(mail["To"].addresses[0].addr_spec, []).append(f"/{kind}/{secret}")
        return found

    def everyone(self, visit: Callable[[Visitor, str, str], Any], links: dict[str, str]) -> dict[str, Any]:
        """Lets many people but the silent visit at once; returns what each visit came to, by address."""

        def go(place_and_link: tuple[int, tuple[str, str]]) -> tuple[str, Any]:
            place, (address, link) = place_and_link
            with self.visitor(place, address) as visitor:
                return address, visit(visitor, address, link)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return dict(
                pool.map(go, enumerate(sorted(one for one in links.items() if one[0] not in self.silent)))
            )

    def visitor(self, place: int, address: str) -> Visitor:
        language = "de" if address.endswith("@de.example.com") else "en"
        return Visitor(self.forms[place % len(self.forms)], language=language)


@contextlib.contextmanager
def serving_form(home: Path, port: int) -> Iterator[str]:
    """Runs the form's process as an operator would; yields its address."""
    command = [str(Path(sys.executable).with_name("pmhealth")), "--home", str(home)]
    command += ["serve", "--only", "form", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            assert any(f":{port}" in line for line in process.stdout), "the form did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def write_roster(path: Path, today: date) -> None:
    """The demo's organisation, joined by colleagues half a year ago; a fifth of those read German."""
    roster = make_organisation(company.COMPANY, 2026)
    lines = list(csv.DictReader(io.StringIO(render_roster(roster))))
    units = sorted({line["org_unit"] for line in lines if line["role"] == "pm" and not line["active_to"]})
    leads = {line["org_unit"]: line["manager_id"] for line in lines if line["role"] == "pm"}
    for number in range(NEWCOMERS):
        unit, language = units[number % len(units)], "de" if number % 5 == 0 else "en"
        lines.append(
            {
                "person_id": f"new-{number:03}",
                "name": f"Robin Newcomer {number:03}",
                "email": f"new-{number:03}@{language}.example.com",
                "manager_id": leads[unit],
                "org_unit": unit,
                "role": ("engineering", "design", "marketing")[number % 3],
                "active_from": str(today - timedelta(days=180)),
                "active_to": "",
                "language": language,
            }
        )
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*lines[0], *({"language"} - set(lines[0]))], restval="")
        writer.writeheader()
        writer.writerows(lines)


def nominate(visitor: Visitor, link: str, names: Sequence[tuple[str, str]]) -> Page:
    """A PM looks colleagues up, says how they work together, and hands the list in."""
    page = visitor.get(link)
    for name, relationship in names:
        search = next(form for form in page.forms if form.method == "get")
        page = visitor.press(page, search, ("q", name))
        add = page.form(holds="relationship")
        page = visitor.press(page, add, ("do", "add"), {"relationship": relationship})
    hand_in = next(form for form in page.forms if form.values.get("do") == "hand_in")
    return visitor.press(page, hand_in, ("do", "hand_in"))


def approve(visitor: Visitor, _: str, link: str) -> int:
    """A lead opens each list and agrees; returns how many lists that were."""
    lists = [one for one in dict.fromkeys(visitor.get(link).links) if one.startswith(f"{link}/")]
    for path in lists:
        page = visitor.get(path)
        agree = next(form for form in page.forms if form.values.get("do") == "approve")
        assert visitor.press(page, agree, ("do", "approve")).status == 200
    return len(lists)


def fill(form: Form, rng: random.Random, *, share: float = 1.0) -> dict[str, str]:
    """Returns choices for a form: a point for most statements, words now and then."""
    chosen = {
        name: rng.choice(options)
        for name, options in form.choices.items()
        if not name.startswith("s") and rng.random() < share
    }
    return chosen | {name: "Zebra words" for name in form.texts if rng.random() < 0.3}


def rate(visitor: Visitor, path: str, mood: str, rng: random.Random) -> str:
    """A rater answers about one subject, in one of several moods; returns what should count in the end."""
    page = visitor.get(path)
    assert f'<html lang="{visitor.language}"' in page.text
    if mood == "silent":
        return "open"
    form = page.form(holds="do")
    if mood in ("partly", "draft"):
        page = visitor.press(page, form, ("do", "save"), fill(form, rng, share=0.5))
        if mood == "draft":
            return "open"
        page = visitor.get(path)
        form = page.form(holds="do")
        assert sum(name in form.choices for name in form.values) > 3, "the draft did not come back"
    page = send(visitor, page, fill(form, rng, share=0.97))
    if mood == "twice":
        page = visitor.get(path)
        page = send(visitor, page, fill(page.form(holds="do"), rng))
    if mood == "withdrawn":
        page = visitor.get(f"{path}/withdraw")
        page = visitor.press(page, page.form(holds="do"), ("do", "withdraw"))
        return "open"
    return "done"


def send(visitor: Visitor, page: Page, chosen: dict[str, str]) -> Page:
    page = visitor.press(page, page.form(holds="do"), ("do", "send"), chosen)
    if not page.path.endswith("/thanks"):
        page = visitor.press(page, page.form(holds="do"), ("do", "send"))
    assert page.path.endswith("/thanks")
    return page


def rate_all(visitor: Visitor, address: str, link: str) -> Counter[str]:
    """A rater goes through the list of those they are asked about."""
    rng = random.Random(address)  # noqa: S311
    pages = [one for one in dict.fromkeys(visitor.get(link).links) if re.fullmatch(rf"{link}/\d+", one)]
    moods = ("sent",) * 14 + ("partly", "partly", "twice", "withdrawn", "draft", "silent")
    return Counter(rate(visitor, path, rng.choice(moods), rng) for path in pages or [f"{link}/1"])


def reminded(visitor: Visitor, address: str, link: str) -> Counter[str]:
    """Half of the reminded answer now what they may answer with the new link."""
    rng = random.Random(f"{address} again")  # noqa: S311
    if rng.random() < 0.5:
        return Counter()
    pages = [one for one in dict.fromkeys(visitor.get(link).links) if re.fullmatch(rf"{link}/\d+", one)]
    counted: Counter[str] = Counter()
    for path in pages or [f"{link}/1"]:
        page = visitor.get(path)
        if any("do" in {name for name, *_ in form.buttons} for form in page.forms):
            counted[rate(visitor, path, "sent", rng)] += 1
    return counted


def environment(port_of_mail: int, form: str) -> dict[str, str]:
    return {
        **os.environ,
        "PMHEALTH_SMTP_HOST": "127.0.0.1",
        "PMHEALTH_SMTP_PORT": str(port_of_mail),
        "PMHEALTH_SMTP_TLS": "none",
        "PMHEALTH_MAIL_FROM": "People Team <people@example.org>",
        "PMHEALTH_FORM_URL": form,
        "PMHEALTH_DASHBOARD_URL": "https://pmhealth.example.org",
    }
