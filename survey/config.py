"""Facts of a deployment: where its stores are. Read once, at an entry point, and handed down."""

import os
from dataclasses import dataclass
from pathlib import Path

HOME = Path("data/home")
"""The folder of a deployment where nobody names one."""

DEMO_HOME = Path("data/demo/home")
"""The demo's folder where nobody names one, so that it never mixes with a deployment."""

DEMO_MARKER = "demo.json"
"""The file by which a demo's folder is known: everybody in it is made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The folders of one deployment, all below `home`.

    `private` holds what only the pipeline may open (warehouse, pseudonym key); `releases` is what
    the dashboard opens. Keeping them apart lets an operator run the two as different users.
    """

    home: Path

    @property
    def is_made_up(self) -> bool:
        """True if `pmhealth demo` made this folder; one that cannot be read counts as real."""
        return (self.home / DEMO_MARKER).is_file()

    @property
    def register_path(self) -> Path:
        return self.home / "register.sqlite"

    @property
    def private_path(self) -> Path:
        return self.home / "private"

    @property
    def warehouse_path(self) -> Path:
        return self.private_path / "warehouse.duckdb"

    @property
    def pseudonym_key_path(self) -> Path:
        return self.private_path / "pseudonym.key"

    @property
    def releases_path(self) -> Path:
        return self.home / "releases"

    @property
    def instruments_path(self) -> Path:
        return self.home / "instruments"

    @property
    def mappings_path(self) -> Path:
        return self.home / "mappings"


def read_settings() -> Settings:
    """Returns the settings of this deployment, from the environment.

    `PMHEALTH_HOME` names the folder; without it, `data/home` below the current folder is used.
    """
    return Settings(home=Path(os.environ.get("PMHEALTH_HOME", HOME)).resolve())


def demo_settings(settings: Settings) -> Settings:
    """Returns the settings of the demo: the folder that was named, else the demo's own."""
    return Settings(home=DEMO_HOME.resolve()) if settings.home == HOME.resolve() else settings
