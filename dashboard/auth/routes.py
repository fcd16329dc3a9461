"""The routes of signing in and out, and the pages they show."""

import logging
from email.headerregistry import Address
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.auth.gate import House, session_of
from dashboard.auth.limits import WINDOW_SECONDS, Limited, Limits
from dashboard.auth.paths import local_path
from dashboard.auth.provider import Provider, ProviderRefusal
from survey.errors import HealthError
from survey.language import Wording, languages, wording
from survey.mail import SENT, open_postbox
from survey.message import Envelope, address_of, write
from survey.register_sessions import SignInMethod
from survey.register_sign_in import LINK_MINUTES
from survey.roster import Person
from survey.sign_in_letter import DEFAULT_LANGUAGE, sign_in_letter

_LOG = logging.getLogger("pmhealth.sign_in")
_MOST_BYTES = 10_000
_MINUTES = round(WINDOW_SECONDS / 60)
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Entrance:
    """Signing in and out for one house. `provider` is None where there is none."""

    def __init__(self, house: House, provider: Provider | None, limits: Limits) -> None:
        self._house = house
        self._provider = provider
        self._limits = limits

    def routes(self) -> list[Route]:
        """Returns the routes; those of a way in that is not set up are not there."""
        routes = [
            Route("/sign-in", self.choose),
            Route("/sign-in/ended", self.ended),
            Route("/sign-out", self.ask_to_leave, methods=["GET"]),
            Route("/sign-out", self.leave, methods=["POST"]),
        ]
        if self._provider is not None:
            routes += [
                Route("/sign-in/provider", self.go_to_provider),
                Route("/sign-in/callback", self.come_back),
            ]
        if self._house.settings.mail is not None:
            routes += [
                Route("/sign-in/mail", self.ask_for_link, methods=["POST"]),
                Route("/sign-in/link/{secret}", self.confirm_link, methods=["GET"]),
                Route("/sign-in/link/{secret}", self.use_link, methods=["POST"]),
            ]
        return routes

    async def choose(self, request: Request) -> Response:
        """Shows the ways in; who is signed in is sent on."""
        next_path = local_path(request.query_params.get("next", ""))
        if session_of(request.scope) is not None:
            return RedirectResponse(next_path, 303)
        return self._page(
            request,
            "choose.html",
            next_path=next_path,
            minutes=LINK_MINUTES,
            has_provider=self._provider is not None,
            has_links=self._house.settings.mail is not None,
        )

    async def go_to_provider(self, request: Request) -> Response:
        """Sends the browser to the identity provider with a try of its own."""
        if not self._allow(Limited.PROVIDER, request):
            return self._too_many(request)
        assert self._provider is not None  # noqa: S101 - the route is not there without it
        next_path = local_path(request.query_params.get("next", ""))
        try:
            begun = await run_in_threadpool(
                self._house.directory.sign_in.begin_attempt, next_path, self._house.now()
            )
            response = RedirectResponse(await self._provider.authorize_url(begun), 303)
        except ProviderRefusal as refusal:
            return self._failed(request, refusal.code)
        self._house.cookies.set_attempt(response, begun.browser)
        return response

    async def come_back(self, request: Request) -> Response:
        """Signs in who comes back from the provider to the try that this browser is on."""
        if not self._allow(Limited.PROVIDER, request):
            return self._too_many(request)
        try:
            return await self._come_back(request)
        except ProviderRefusal as refusal:
            return self._failed(request, refusal.code)

    async def ask_for_link(self, request: Request) -> Response:
        """Answers the same for every address, at once; whether a mail goes out is found out afterwards."""
        if not self._allow(Limited.MAIL, request):
            return self._too_many(request)
        form = await _read_form(request)
        email, next_path = form.get("email", ""), local_path(form.get("next", ""))
        page = self._page(request, "sent.html", minutes=LINK_MINUTES)
        page.background = BackgroundTask(self._mail_link, email, next_path)
        return page

    async def confirm_link(self, request: Request) -> Response:
        """Shows whose link it is and a button: programs that open links in mails do not press it."""
        if not self._allow(Limited.LINK, request):
            return self._too_many(request)
        secret = request.path_params["secret"]
        link = await run_in_threadpool(self._house.directory.sign_in.find_link, secret, self._house.now())
        person = None if link is None else await self._person(link.person_id)
        if person is None:
            return self._page(request, "stale.html", status=410, minutes=LINK_MINUTES)
        return self._page(request, "confirm.html", name=person.name)

    async def use_link(self, request: Request) -> Response:
        """Signs in over a mailed link, once."""
        if not self._allow(Limited.LINK, request):
            return self._too_many(request)
        secret = request.path_params["secret"]
        link = await run_in_threadpool(self._house.directory.sign_in.use_link, secret, self._house.now())
        person = None if link is None else await self._person(link.person_id)
        if link is None or person is None:
            return self._page(request, "stale.html", status=410, minutes=LINK_MINUTES)
        return await self._begin(request, person, SignInMethod.LINK, link.next_path)

    async def ask_to_leave(self, request: Request) -> Response:
        """Shows the button that signs out."""
        session = session_of(request.scope)
        person = None if session is None else await self._person(session.person_id)
        return self._page(request, "leave.html", name="" if person is None else person.name)

    async def leave(self, request: Request) -> Response:
        """Signs out, here and in every tab."""
        token = self._token(request)
        await run_in_threadpool(self._house.directory.sessions.end, token, self._house.now())
        response = RedirectResponse("/sign-in/ended", 303)
        self._house.cookies.drop_session(response)
        return response

    async def ended(self, request: Request) -> Response:
        """Says that one is signed out."""
        return self._page(request, "ended.html")

    async def _come_back(self, request: Request) -> Response:
        given = request.query_params
        browser = self._house.cookies.read(request.scope["headers"], self._house.cookies.attempt_name)
        attempt = await run_in_threadpool(
            self._house.directory.sign_in.take_attempt, given.get("state", ""), browser, self._house.now()
        )
        if attempt is None:
            raise ProviderRefusal("state")
        if "error" in given or not given.get("code"):
            raise ProviderRefusal("provider")
        assert self._provider is not None  # noqa: S101 - the route is not there without it
        identity = await self._provider.identify(given["code"], given.get("iss", ""), attempt)
        organisation = await run_in_threadpool(self._house.directory.organisation)
        person = organisation.find_by_email(identity.email)
        if person is None:
            _LOG.warning("refused: not in the roster, or more than once")
            return self._page(request, "refused.html", status=403)
        return await self._begin(request, person, SignInMethod.PROVIDER, attempt.next_path)

    async def _begin(
        self, request: Request, person: Person, method: SignInMethod, next_path: str
    ) -> Response:
        """A new session with a new token, whatever the browser brought along."""
        old = self._token(request)
        begun = await run_in_threadpool(
            lambda: self._house.directory.sessions.begin(
                person.person_id, method, self._house.now(), replaces=old
            )
        )
        response = RedirectResponse(local_path(next_path), 303)
        self._house.cookies.set_session(response, begun.token)
        self._house.cookies.drop_attempt(response)
        return response

    def _mail_link(self, email: str, next_path: str) -> None:
        """Runs after the answer. What goes wrong is a code in the log, nothing else."""
        try:
            code = self._send_link(email, next_path)
        except HealthError as error:
            code = error.code
        if code:
            _LOG.warning("no link was mailed: %s", code)

    def _send_link(self, email: str, next_path: str) -> str:
        person = self._house.directory.organisation().find_by_email(email)
        to = None if person is None else address_of(person)
        if person is None or to is None:
            return "unknown-address"
        secret = self._house.directory.sign_in.add_link(person.person_id, next_path, self._house.now())
        return "too-many" if secret is None else self._post(person, to, secret)

    def _post(self, person: Person, to: Address, secret: str) -> str:
        settings = self._house.settings
        assert settings.mail is not None  # noqa: S101 - the route is not there without it
        letter = sign_in_letter(
            person.name, person.language, f"{settings.url}/sign-in/link/{secret}", minutes=LINK_MINUTES
        )
        envelope = Envelope(sender=settings.mail.sender, reply_to="", written_at=self._house.now())
        with open_postbox(settings.mail) as postbox:
            code = postbox.send(write(letter, to, envelope))
        return "" if code == SENT else code

    async def _person(self, person_id: str) -> Person | None:
        organisation = await run_in_threadpool(self._house.directory.organisation)
        return organisation.person(person_id)

    def _token(self, request: Request) -> str:
        return self._house.cookies.read(request.scope["headers"], self._house.cookies.session_name)

    def _allow(self, what: Limited, request: Request) -> bool:
        return self._limits.allow(what, request.client.host if request.client else "")

    def _too_many(self, request: Request) -> Response:
        page = self._page(request, "too_many.html", status=429, minutes=_MINUTES)
        page.headers["Retry-After"] = str(round(WINDOW_SECONDS))
        return page

    def _failed(self, request: Request, code: str) -> Response:
        _LOG.warning("signing in failed: %s", code)
        page = self._page(request, "failed.html", status=400, code=code)
        self._house.cookies.drop_attempt(page)
        return page

    def _page(self, request: Request, template: str, *, status: int = 200, **values: object) -> Response:
        return show_page(request, template, status=status, **values)


def show_page(request: Request, template: str, *, status: int = 200, **values: object) -> Response:
    """Returns one of our own pages in the reader's language; nobody keeps a copy of it."""
    words = wanted_wording(request)
    html = _TEMPLATES.get_template(template).render(say=words.say, language=words.language, **values)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


def wanted_wording(request: Request) -> Wording:
    """Returns the words in the first language the link or the browser asks for that we have, else English."""
    wanted = f"{request.query_params.get('lang', '')},{request.headers.get('accept-language', '')}"
    codes = [part.partition(";")[0].strip().partition("-")[0].lower() for part in wanted.split(",")]
    return wording(next((code for code in codes if code in languages()), DEFAULT_LANGUAGE))


async def _read_form(request: Request) -> dict[str, str]:
    """Returns the fields of a small form; what is too large or no form has none."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > _MOST_BYTES:
        return {}
    async with request.form(max_files=0, max_fields=10) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}
