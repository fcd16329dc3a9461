"""`pmhealth serve`: form, dashboard and worker, together or one alone."""

import signal
from collections.abc import Callable
from pathlib import Path

import click

from survey.config import Settings, demo_settings, read_settings

PORTS = {"dashboard": 8501, "form": 8502, "worker": 8503}


@click.command()
@click.option("--only", type=click.Choice(tuple(PORTS)), help="One of the three, as a process of its own.")
@click.option("--demo", "is_demo", is_flag=True, help="Show a demo without sign-in.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Of the dashboard, and the two after it for form and worker; with --only, of that one. "
    "0: any free ones. Default: 8501, 8502, 8503.",
)
@click.option(
    "--home",
    "demo_home",
    type=click.Path(file_okay=False),
    help="Folder of the deployment; overrides the one of 'pmhealth --home'.",
)
@click.option("--supervised", "is_supervised", is_flag=True, hidden=True, help="End when stdin does.")
@click.pass_context
def command(
    context: click.Context,
    *,
    only: str | None,
    is_demo: bool,
    port: int | None,
    demo_home: str | None,
    is_supervised: bool,
) -> None:
    """Serve the form raters fill in, the dashboard, and the worker behind it, until you press Ctrl+C.

    Each is a process of its own; one that dies is started again. The form answers who has a personal
    link. On the dashboard people sign in over an identity provider or a link by e-mail; the
    environment says which, and docs/operations.md how to put a proxy with TLS before both. The
    worker does what HR asks for on the dashboard, and what each day asks for; on its port it only
    says how it is, at /health and /ready.

    \b
    Examples:
      pmhealth serve
      pmhealth serve --demo
      pmhealth serve --only dashboard --port 8511
    """  # noqa: D301
    named = read_settings(Path(demo_home)) if demo_home else context.obj
    settings = demo_settings(named) if is_demo else named
    if only is None:
        from dashboard.commands.serve_all import serve_all  # noqa: PLC0415 - kept off the path of --help

        context.exit(serve_all(settings, port=PORTS["dashboard"] if port is None else port, is_demo=is_demo))
    from survey.logs import log_to  # noqa: PLC0415

    log_to(only)
    if is_supervised:
        _end_with_supervisor()
    announce = _Announce(only, is_supervised=is_supervised)
    _SERVE[only](settings, PORTS[only] if port is None else port, announce, is_demo=is_demo)


def _end_with_supervisor() -> None:
    """Whoever started us holds our stdin open; however they end, so do we."""
    import os  # noqa: PLC0415
    from threading import Thread  # noqa: PLC0415

    def watch() -> None:
        os.read(0, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, daemon=True).start()


def _serve_dashboard(
    settings: Settings, port: int, announce: Callable[[str], None], *, is_demo: bool
) -> None:
    from dashboard.server import serve  # noqa: PLC0415 - imports Streamlit, two seconds

    serve(settings, port=port, is_demo=is_demo, announce=announce)


def _serve_form(settings: Settings, port: int, announce: Callable[[str], None], *, is_demo: bool) -> None:
    from survey.form.server import serve  # noqa: PLC0415 - nothing of the dashboard is loaded for it

    del is_demo  # the form is the same
    serve(settings, port=port, announce=announce)


def _serve_worker(settings: Settings, port: int, announce: Callable[[str], None], *, is_demo: bool) -> None:
    """A demo sends no mail, whatever the environment says: nobody in it is real."""
    import os  # noqa: PLC0415

    from pipeline.serving import serve  # noqa: PLC0415 - imports the whole pipeline

    kept = {"PMHEALTH_FORM_URL", "PMHEALTH_DASHBOARD_URL"}
    environment = {name: value for name, value in os.environ.items() if not is_demo or name in kept}
    serve(settings, environment, port=port, announce=announce)


_SERVE = {"dashboard": _serve_dashboard, "form": _serve_form, "worker": _serve_worker}


class _Announce:
    """Says where a server is."""

    def __init__(self, what: str, *, is_supervised: bool) -> None:
        self._what = what
        self._is_supervised = is_supervised

    def __call__(self, address: str) -> None:
        click.echo(f"The {self._what} answers at {address}")
        if not self._is_supervised:
            click.echo("Press Ctrl+C to stop it.")
