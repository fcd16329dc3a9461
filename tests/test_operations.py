"""The page for operators is under test: every variable that the code reads stands in it, and none else."""

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"PMHEALTH_[A-Z_]+[A-Z]")


def _read_by_code() -> set[str]:
    files = [path for room in ("survey", "pipeline", "dashboard") for path in (ROOT / room).rglob("*.py")]
    return {name for path in files for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}


def _unit_texts() -> dict[str, str]:
    return dict(re.findall(r"`/etc/systemd/system/([\w.@-]+)`:\n\n```ini\n(.*?)```", PAGE, re.DOTALL))


def _units() -> dict[str, configparser.ConfigParser]:
    units = {}
    for name, text in _unit_texts().items():
        units[name] = configparser.ConfigParser(strict=True, interpolation=None)
        units[name].read_string(text)
    return units


def test_variables_when_read_by_the_code_then_the_table_says_what_each_is_for():
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `PMHEALTH_"))
    assert _read_by_code() == set(VARIABLE.findall(rows))


def test_units_when_shown_then_they_run_what_there_is_and_keep_files_to_their_user():
    units = _units()
    umasks = {"form": "0077", "dashboard@": "0027", "worker": "0027"}
    assert set(units) == {f"pmhealth-{name}.service" for name in umasks}
    for name, umask in umasks.items():
        service = units[f"pmhealth-{name}.service"]["Service"]
        assert service["ExecStart"].startswith(
            f"/opt/pmhealth/.venv/bin/pmhealth serve --only {name.rstrip('@')}"
        )
        assert (service["UMask"], service["EnvironmentFile"]) == (umask, "/etc/pmhealth.env")
        assert service["ProtectSystem"] == "strict"
    assert units["pmhealth-dashboard@.service"]["Service"]["User"] == "pmhealth-web"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_units_when_systemd_reads_them_then_it_has_nothing_to_say(tmp_path):
    """It asks for the program and the users too, so that of this machine stands in their place."""
    for name, text in _unit_texts().items():
        here = text.replace("/opt/pmhealth/.venv/bin/pmhealth", "/bin/true")
        here = re.sub(r"^User=.*", "User=root", here, flags=re.MULTILINE)
        (tmp_path / name.replace("@", "@8501")).write_text(here, encoding="utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    about_ours = [line for line in told.stderr.splitlines() if "pmhealth" in line]
    assert (told.returncode, about_ours) == (0, [])


def test_container_when_described_then_each_instruction_is_known_and_each_file_is_there():
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    words = [line.split()[0] for line in lines]
    assert set(words) <= {"FROM", "COPY", "RUN", "ENV", "VOLUME", "USER", "ENTRYPOINT", "CMD", "HEALTHCHECK"}
    assert words.index("FROM") == 0
    assert words.index("USER") < words.index("ENTRYPOINT"), "it does not run as root"
    for path in re.findall(r"/src/([\w./-]+)", text):
        assert (ROOT / path).exists(), path
    for array in re.findall(r"^(?:ENTRYPOINT|CMD|HEALTHCHECK .* CMD) (\[.*)$", text, re.MULTILINE):
        assert json.loads(array)
    assert "/opt/pmhealth/.venv/bin/pmhealth" in text


def test_page_when_it_names_a_refusal_then_the_program_has_it():
    known = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    named = re.findall(r"error\[([a-z-]+)\]", PAGE)
    assert named
    assert [code for code in named if f"| `{code}` |" not in known] == []


def test_backup_when_asked_for_then_both_pages_warn():
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "do not back up the answers of an open wave" in PAGE
    assert "A backup made while a wave is open undoes this" in security
