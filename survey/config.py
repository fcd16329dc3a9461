"""Facts of a deployment: where its stores are. Read once, at an entry point, and handed down."""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from survey.errors import ConfigError

HOME = Path("data/home")
"""The folder of a deployment where nobody names one."""

DEMO_HOME = Path("data/demo/home")
"""The demo's folder where nobody names one, so that it never mixes with a deployment."""

DEMO_MARKER = "demo.json"
"""The file by which a demo's folder is known: everybody in it is made up."""


REGISTER_VARIABLE = "PMHEALTH_REGISTER"
ANSWERS_VARIABLE = "PMHEALTH_ANSWERS"
"""The variables that name PostgreSQL databases; a URL holds a password, so it is never an option."""

_SCHEMES = ("postgresql://", "postgres://")
_REGISTER_SCHEMA = "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """A schema of a PostgreSQL database. The URL holds a password and is shown nowhere."""

    url: str = field(repr=False)
    schema: str


Address: TypeAlias = Path | ServerAddress
"""Where a store is: a SQLite file, or a schema of a PostgreSQL database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The stores of one deployment: folders below `home`, or databases for register and answers.

    `private` holds what only the pipeline may open (warehouse, pseudonym key); `releases` is what
    the dashboard opens; `form` what the form's process keeps. Keeping them apart lets an operator
    run the three as different users. A URL that is "" means a file below `home`.
    """

    home: Path
    register_url: str = field(default="", repr=False)
    answers_url: str = field(default="", repr=False)

    @property
    def is_made_up(self) -> bool:
        """True if `pmhealth demo` made this folder; one that cannot be read counts as real."""
        return (self.home / DEMO_MARKER).is_file()

    @property
    def register_path(self) -> Path:
        """In a folder of its own, which form and dashboard may write; an earlier version's stays where it is."""
        earlier = self.home / "register.sqlite"
        return earlier if earlier.exists() else self.home / "register" / "register.sqlite"

    @property
    def register_address(self) -> Address:
        if not self.register_url:
            return self.register_path
        return ServerAddress(url=self.register_url, schema=_REGISTER_SCHEMA)

    @property
    def has_register(self) -> bool:
        """False if there can be no register yet; looking for one makes nothing."""
        return bool(self.register_url) or self.register_path.exists()

    @property
    def answers_path(self) -> Path:
        return self.home / "answers"

    def answers_address(self, wave_id: str) -> Address:
        """Returns where a wave's answers are while it is open."""
        if not self.answers_url:
            return self.answers_path / f"{_file_name(wave_id)}.sqlite"
        return ServerAddress(url=self.answers_url, schema=f"answers_{_short_hash(wave_id)}")

    def closed_answers_address(self, wave_id: str) -> Address:
        """Returns where a wave's answers are after it was closed: never where they were collected."""
        if not self.answers_url:
            return self.answers_path / f"{_file_name(wave_id)}.closed.sqlite"
        return ServerAddress(url=self.answers_url, schema=f"answers_{_short_hash(wave_id)}_closed")

    @property
    def form_path(self) -> Path:
        return self.home / "form"

    def wave_keys_path(self, wave_id: str) -> Path:
        """Returns the file of a wave's two keys; it is gone once the wave is closed."""
        return self.form_path / "keys" / f"{_file_name(wave_id)}.key"

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
    def inbox_path(self) -> Path:
        """Where the dashboard puts files that were uploaded, for the worker to take in."""
        return self.home / "inbox"

    @property
    def instruments_path(self) -> Path:
        return self.home / "instruments"

    @property
    def mappings_path(self) -> Path:
        return self.home / "mappings"

    @property
    def enclosures_path(self) -> Path:
        """What jobs hand over to who asked, for an hour; the worker writes it, the dashboard reads it."""
        return self.home / "enclosures"

    @property
    def access_path(self) -> Path:
        """The reviewed file that says who is HR, executive or council."""
        return self.home / "access.toml"

    @property
    def expectations_path(self) -> Path:
        """The reviewed file that says what is expected of PMs, by level and stage."""
        return self.home / "expectations.toml"

    def lock_path(self, name: str) -> Path:
        """Returns the file whose lock keeps two processes from doing the same at once."""
        return self.home / "locks" / f"{name}.lock"


def read_settings(home: Path | None = None) -> Settings:
    """Returns the settings of this deployment, from the environment.

    `PMHEALTH_HOME` names the folder where nothing is given; without it, `data/home` below the
    current folder is used. `PMHEALTH_REGISTER` and `PMHEALTH_ANSWERS` name PostgreSQL databases.

    Raises:
        ConfigError: one of the two is no PostgreSQL URL.
    """
    return Settings(
        home=(home or Path(os.environ.get("PMHEALTH_HOME", HOME))).resolve(),
        register_url=_read_url(REGISTER_VARIABLE),
        answers_url=_read_url(ANSWERS_VARIABLE),
    )


def demo_settings(settings: Settings) -> Settings:
    """Returns the settings of the demo: the folder that was named, else the demo's own.

    Always files: the demo puts made-up people into its register, and must find no real ones there.
    """
    return Settings(home=DEMO_HOME.resolve() if settings.home == HOME.resolve() else settings.home)


def _read_url(variable: str) -> str:
    """The address itself stays out of the message: it may hold a password."""
    url = os.environ.get(variable, "")
    if url and not url.startswith(_SCHEMES):
        raise ConfigError(
            "config-database",
            "the address of the database is none of PostgreSQL",
            where=variable,
            hint="write postgresql://user:password@host/database, or leave the variable out to use files",
        )
    return url


def _file_name(wave_id: str) -> str:
    """A period has neither dot nor slash, so two waves never share a name."""
    campaign, _, period = wave_id.rpartition("/")
    return f"{quote(campaign, safe=' ')}.{period}"


def _short_hash(wave_id: str) -> str:
    """A schema's name has at most 63 letters, a wave's id may have more."""
    return hashlib.sha256(wave_id.encode()).hexdigest()[:24]
