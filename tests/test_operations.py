"""The page for operators is under test: every variable that the code reads stands in it, and none else."""

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"PMHEALTH_[A-Z_]+[A-Z]")


def _read_by_code() -> set[str]:
    files = [path for room in ("survey", "pipeline", "dashboard") for path in (ROOT / room).rglob("*.py")]
    return {name for path in files for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}


def _units() -> dict[str, configparser.ConfigParser]:
    units = {}
    for name, text in re.findall(r"`/etc/systemd/system/([\w.-]+)`:\n\n```ini\n(.*?)```", PAGE, re.DOTALL):
        units[name] = configparser.ConfigParser(strict=True, interpolation=None)
        units[name].read_string(text)
    return units


def test_variables_when_read_by_the_code_then_the_table_says_what_each_is_for():
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `PMHEALTH_"))
    assert _read_by_code() == set(VARIABLE.findall(rows))


def test_units_when_shown_then_they_run_what_there_is_and_keep_files_to_their_user():
    units = _units()
    assert set(units) == {"pmhealth-due.service", "pmhealth-due.timer", "pmhealth-form.service"}
    for name in ("pmhealth-due.service", "pmhealth-form.service"):
        service = units[name]["Service"]
        assert service["ExecStart"].startswith("/opt/pmhealth/.venv/bin/pmhealth ")
        assert (service["UMask"], service["EnvironmentFile"]) == ("0077", "/etc/pmhealth.env")
    assert units["pmhealth-due.service"]["Service"]["Type"] == "oneshot"
    assert units["pmhealth-due.timer"]["Timer"]["Persistent"] == "true"


def test_page_when_it_names_a_refusal_then_the_program_has_it():
    known = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    named = re.findall(r"error\[([a-z-]+)\]", PAGE)
    assert named
    assert [code for code in named if f"| `{code}` |" not in known] == []


def test_backup_when_asked_for_then_both_pages_warn():
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "do not back up the answers of an open wave" in PAGE
    assert "A backup made while a wave is open undoes this" in security
