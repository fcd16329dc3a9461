"""What the files of releases are called, and which of them is the current one."""

import re
from pathlib import Path


def current_name(folder: Path) -> str | None:
    """Returns the name of the file that `CURRENT` points to, or None without one."""
    try:
        name = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return name


def release_name(number: int) -> str:
    """Returns the file name of a release.

    >>> release_name(7)
    'release-000007.duckdb'
    """
    return f"release-{number:06d}.duckdb"


def release_number(name: str) -> int:
    """Returns the number in a release's file name.

    Raises:
        ValueError: it is not such a name.
    """
    found = re.fullmatch(r"release-(\d{6,})\.duckdb", name)
    if found is None:
        raise ValueError(name)
    return int(found[1])
