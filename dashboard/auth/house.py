"""Puts sign-in together: the routes and the gate of one deployment, from its settings."""

from collections.abc import Callable

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.auth.cookies import Cookies
from dashboard.auth.gate import Gate, House
from dashboard.auth.limits import Limits
from dashboard.auth.provider import Provider
from dashboard.auth.routes import Entrance
from dashboard.auth.settings import SignInSettings
from dashboard.directory import Directory
from survey.errors import StoreError


def make_house(settings: SignInSettings, directory: Directory) -> House:
    """Returns what gate and routes share."""
    return House(settings=settings, directory=directory, cookies=Cookies(is_protected=settings.is_protected))


def routes_of(house: House) -> list[BaseRoute]:
    """Returns the routes of signing in and out, and the one that says whether we are ready."""
    provider = house.settings.provider
    entrance = Entrance(
        house,
        None if provider is None else Provider(provider, house.settings.callback_url),
        Limits(),
    )
    return [*entrance.routes(), ready_route(lambda: house.directory)]


def ready_route(directory: Callable[[], Directory]) -> Route:
    """Returns the route that says whether the register can be reached."""

    def ready(_: Request) -> Response:
        """In a thread of its own, since the register may be slow: that is what is asked."""
        try:
            directory().register.roster_mark()
        except StoreError as error:
            return PlainTextResponse(error.code, 503)
        return PlainTextResponse("ready")

    return Route("/ready", ready)


def gate_of(house: House) -> Middleware:
    """Returns the gate, as middleware that stands before everything but the security headers."""
    return Middleware(Gate, house=house)
