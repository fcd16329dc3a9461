"""Where the stores of a deployment are, and that a database's address is shown nowhere."""

from pathlib import Path

import pytest

from survey.config import DEMO_HOME, HOME, ServerAddress, Settings, demo_settings, read_settings
from survey.errors import ConfigError

URL = "postgresql://pmhealth:not-a-secret@localhost/pmhealth"
WAVE = "great-pm/2026Q4"


def test_stores_when_nothing_is_said_then_they_are_files_below_home():
    settings = Settings(home=Path("home"))

    assert settings.register_address == Path("home/register/register.sqlite")
    assert settings.answers_address(WAVE) == Path("home/answers/great-pm.2026Q4.sqlite")
    assert settings.closed_answers_address(WAVE) == Path("home/answers/great-pm.2026Q4.closed.sqlite")
    assert settings.wave_keys_path(WAVE) == Path("home/form/keys/great-pm.2026Q4.key")


def test_stores_when_databases_are_named_then_each_wave_has_a_schema_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("PMHEALTH_REGISTER", URL)
    monkeypatch.setenv("PMHEALTH_ANSWERS", URL.replace("postgresql", "postgres"))
    settings = read_settings(tmp_path)
    waves = [f"{campaign}/2026Q4" for campaign in ("a", "b", "x" * 200, "Übung; drop")]
    schemas = {settings.answers_address(wave).schema for wave in waves}
    schemas |= {settings.closed_answers_address(wave).schema for wave in waves}

    assert settings.register_address == ServerAddress(url=URL, schema="register")
    assert settings.has_register
    assert len(schemas) == 8
    assert all(len(name) < 64 and name.replace("_", "").isalnum() and name.isascii() for name in schemas)


def test_address_when_printed_then_the_password_is_not_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("PMHEALTH_REGISTER", URL)
    settings = read_settings(tmp_path)

    assert "not-a-secret" not in repr(settings) + repr(settings.register_address)


@pytest.mark.parametrize("url", ["mysql://u:not-a-secret@host/db", "host/db", "sqlite:///x"])
def test_address_when_none_of_postgresql_then_it_is_refused_without_being_quoted(monkeypatch, url):
    monkeypatch.setenv("PMHEALTH_ANSWERS", url)

    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert (refused.value.code, refused.value.where) == ("config-database", "PMHEALTH_ANSWERS")
    assert url not in refused.value.message + refused.value.hint


def test_home_when_the_environment_names_it_then_it_holds_unless_one_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path / "named"))

    assert read_settings().home == tmp_path / "named"
    assert read_settings(tmp_path / "given").home == tmp_path / "given"
    assert not read_settings().has_register


def test_demo_when_databases_are_named_then_it_stays_in_files(tmp_path):
    real = Settings(home=tmp_path, register_url=URL, answers_url=URL)

    assert demo_settings(real) == Settings(home=tmp_path)
    assert demo_settings(Settings(home=HOME.resolve())).home == DEMO_HOME.resolve()


def test_register_when_an_earlier_version_made_it_then_it_is_used_where_it_is(tmp_path):
    (tmp_path / "register.sqlite").touch()

    assert Settings(home=tmp_path).register_address == tmp_path / "register.sqlite"
