"""`pmhealth serve`: the dashboard in a browser."""

import click

from survey.config import Settings, demo_settings


@click.command()
@click.option(
    "--demo", "is_demo", is_flag=True, help="Show it without sign-in; of real results the units only."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8501, show_default=True, help="0: any free port."
)
@click.option(
    "--home",
    "demo_home",
    type=click.Path(file_okay=False),
    help="Folder of the deployment; overrides the one of 'pmhealth --home'.",
)
@click.pass_obj
def command(settings: Settings, *, is_demo: bool, port: int, demo_home: str | None) -> None:
    """Serve the dashboard on this machine until you press Ctrl+C."""
    from pathlib import Path  # noqa: PLC0415 - kept off the path of --help

    from dashboard.server import serve  # noqa: PLC0415 - imports Streamlit, two seconds

    named = Settings(home=Path(demo_home).resolve()) if demo_home else settings
    chosen = demo_settings(named) if is_demo else named
    serve(chosen, port=port, is_demo=is_demo, announce=_announce)


def _announce(address: str) -> None:
    click.echo(f"The dashboard answers at {address}")
    click.echo("Press Ctrl+C to stop it.")
