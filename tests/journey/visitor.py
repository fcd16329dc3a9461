"""A person with a plain browser: no script, one connection kept open, forms filled in as they stand."""

import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass(kw_only=True)
class Form:
    """One form of a page: where it goes, what it holds already, what can be chosen and pressed."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Page:
    """What came back."""

    status: int
    path: str
    text: str
    forms: list[Form]
    links: list[str]

    def form(self, *, holds: str = "") -> Form:
        """Returns the first form that has the field or button."""
        return next(
            form
            for form in self.forms
            if not holds or holds in form.choices or holds in {name for name, *_ in form.buttons}
        )


class Visitor:
    """Visits pages of one server; closes its connection at the end of `with`."""

    def __init__(self, address: str, *, language: str = "en") -> None:
        self._host = urlsplit(address).netloc
        self.language = language
        self._connection = http.client.HTTPConnection(self._host, timeout=60)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> Page:
        return self._ask("GET", path)

    def press(
        self, page: Page, form: Form, button: tuple[str, str], chosen: Mapping[str, str] | None = None
    ) -> Page:
        """Sends a form by one of its buttons, and goes where the answer leads."""
        name, value = button
        action = next((to for one, other, to in form.buttons if (one, other) == button and to), form.action)
        body = urlencode({**form.values, **(chosen or {}), name: value})
        target = urljoin(page.path, action)
        if form.method == "get":
            return self.get(f"{urlsplit(target).path}?{body}")
        return self._ask("POST", target, body)

    def _ask(self, method: str, path: str, body: str | None = None) -> Page:
        headers = {"Accept-Language": self.language, "Host": self._host}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{self._host}",
                "Sec-Fetch-Site": "same-origin",
            }
        self._connection.request(method, path.partition("#")[0], body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status in (302, 303):
            return self._ask("GET", urljoin(path, answer.headers["location"]))
        reader = _Reader()
        reader.feed(text)
        return Page(status=answer.status, path=path, text=text, forms=reader.forms, links=reader.links)


class _Reader(HTMLParser):
    """Collects links and forms."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._in_form = False
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "form":
            self._in_form = True
            self.forms.append(
                Form(action=values.get("action", ""), method=values.get("method", "get").lower())
            )
        readers: dict[str, Callable[[Form, dict[str, str]], None]] = {
            "input": self._input,
            "button": self._button,
            "textarea": self._textarea,
            "select": self._selected,
            "option": self._option,
        }
        if self._in_form and tag in readers:
            readers[tag](self.forms[-1], values)

    def handle_endtag(self, tag: str) -> None:
        self._in_form = self._in_form and tag != "form"
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].values[self._area] = self.forms[-1].values.get(self._area, "") + data

    def _input(self, form: Form, values: dict[str, str]) -> None:
        name, kind = values.get("name", ""), values.get("type", "text")
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(values.get("value", "on"))
            if "checked" in values:
                form.values[name] = values.get("value", "on")
        elif kind in ("submit", "image"):
            form.buttons.append((name, values.get("value", ""), values.get("formaction", "")))
        elif name:
            form.values[name] = values.get("value", "")

    def _button(self, form: Form, values: dict[str, str]) -> None:
        form.buttons.append((values.get("name", ""), values.get("value", ""), values.get("formaction", "")))

    def _textarea(self, form: Form, values: dict[str, str]) -> None:
        self._area = values["name"]
        form.texts.append(self._area)
        form.values.setdefault(self._area, "")

    def _selected(self, _: Form, values: dict[str, str]) -> None:
        self._select = values["name"]

    def _option(self, form: Form, values: dict[str, str]) -> None:
        form.choices.setdefault(self._select, []).append(values.get("value", ""))
        if "selected" in values:
            form.values[self._select] = values.get("value", "")
