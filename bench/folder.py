"""Where a run puts things: folders that it fills from nothing, and the page about it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

DOCS = Path(__file__).parent.parent / "docs"


def writes(page: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Returns the option `--out` of a command that writes that page of docs/."""
    kind = click.Path(path_type=Path, dir_okay=False)
    return click.option("--out", type=kind, default=DOCS / page, help="The page to write.")


def cleared(folder: Path) -> Path:
    """Returns the folder, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
