"""`pmhealth serve`: the dashboard or the form in a browser."""

import click

from survey.config import Settings, demo_settings, read_settings

_DASHBOARD_PORT = 8501
_FORM_PORT = 8502


@click.command()
@click.option(
    "--only",
    type=click.Choice(("dashboard", "form")),
    default="dashboard",
    show_default=True,
    help="Which of the two; each is a process of its own.",
)
@click.option("--demo", "is_demo", is_flag=True, help="Show a demo without sign-in.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"0: any free port. Otherwise {_DASHBOARD_PORT} for the dashboard, {_FORM_PORT} for the form.",
)
@click.option(
    "--home",
    "demo_home",
    type=click.Path(file_okay=False),
    help="Folder of the deployment; overrides the one of 'pmhealth --home'.",
)
@click.pass_obj
def command(settings: Settings, *, only: str, is_demo: bool, port: int | None, demo_home: str | None) -> None:
    """Serve the dashboard, or the form raters fill in, on this machine until you press Ctrl+C.

    In the dashboard people sign in over an identity provider or a link by e-mail; the environment
    says which, and docs/operations.md how to put a proxy with TLS before it.
    """
    from pathlib import Path  # noqa: PLC0415 - kept off the path of --help

    named = read_settings(Path(demo_home)) if demo_home else settings
    chosen = demo_settings(named) if is_demo else named
    if only == "form":
        _serve_form(chosen, _FORM_PORT if port is None else port)
    else:
        _serve_dashboard(chosen, _DASHBOARD_PORT if port is None else port, is_demo=is_demo)


def _serve_dashboard(settings: Settings, port: int, *, is_demo: bool) -> None:
    from dashboard.server import serve  # noqa: PLC0415 - imports Streamlit, two seconds

    serve(settings, port=port, is_demo=is_demo, announce=_Announce("dashboard"))


def _serve_form(settings: Settings, port: int) -> None:
    from survey.form.server import serve  # noqa: PLC0415 - nothing of the dashboard is loaded for it

    serve(settings, port=port, announce=_Announce("form"))


class _Announce:
    """Says where a server is."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __call__(self, address: str) -> None:
        click.echo(f"The {self._what} answers at {address}")
        click.echo("Press Ctrl+C to stop it.")
