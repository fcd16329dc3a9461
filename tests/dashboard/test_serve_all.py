"""`pmhealth serve`: three processes that live and end together."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx
import pytest

from dashboard import cli
from dashboard.commands import serve_all
from dashboard.commands.serve_all import Part
from survey.errors import ConfigError

PROGRAM = "from dashboard.cli import main; main()"
URL = re.compile(r"The (\w+) answers at (http://\S+?)(?:/health)?\n")


@contextmanager
def started(*options: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", PROGRAM, "serve", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PMHEALTH_")}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def addresses(process, count: int) -> dict[str, str]:
    found = {}
    while len(found) < count:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        found |= dict(URL.findall(line))
    return found


def children(pid: int) -> dict[str, int]:
    """The three, by what they serve, from the system's own books."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = {}
    for child in pids:
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        found[words[words.index("--only") + 1]] = int(child)
    return found


def is_running(pid: int) -> bool:
    """A process that has ended may stay in the books until somebody asks after it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_serve_when_one_is_killed_then_it_comes_back_and_ctrl_c_ends_all(home):
    with started("--demo", "--home", str(home), "--port", "0") as process:
        found = addresses(process, 3)
        assert set(found) == {"form", "dashboard", "worker"}
        for address in found.values():
            assert httpx.get(f"{address}/health").text == "ok"
            assert httpx.get(f"{address}/ready").status_code == 200
        before = children(process.pid)
        os.kill(before["form"], signal.SIGKILL)
        assert addresses(process, 1) == {"form": found["form"]}, "the port stays the same"
        assert httpx.get(f"{found['form']}/health").text == "ok"
        after = children(process.pid)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert process.returncode == 0, said
    assert '"event": "form ended with code -9"' in said
    while any(map(is_running, after.values())):
        time.sleep(0.05)


def test_part_when_its_supervisor_is_gone_then_it_ends_too(tmp_path):
    """However that one ended: what it held open is closed."""
    with started("--only", "form", "--supervised", "--home", str(tmp_path), "--port", "0") as process:
        addresses(process, 1)
        process.stdin.close()
        assert process.wait() == -signal.SIGTERM


@pytest.mark.slow
def test_serve_when_sign_in_is_not_set_up_then_all_of_it_ends_and_says_so(tmp_path):
    with started("--home", str(tmp_path), "--port", "0") as process:
        said = process.communicate()[1]
    assert process.returncode == ConfigError.exit_code
    assert "error[sign-in" in said


def test_serve_when_a_port_is_taken_then_nothing_is_started(tmp_path, capsys):
    taken = serve_all.listen(0)
    taken.listen()
    try:
        port = taken.getsockname()[1]
        assert cli.run(["serve", "--home", str(tmp_path), "--port", str(port - 1)]) == ConfigError.exit_code
    finally:
        taken.close()
    assert "port-taken" in capsys.readouterr().err


def part(code: str) -> Part:
    return Part(name="worker", command=(sys.executable, "-c", code), environment=dict(os.environ))


def test_part_when_it_dies_again_and_again_then_all_of_it_ends(monkeypatch):
    monkeypatch.setattr(serve_all, "_WAITS", (0.0, 0.0))
    with pytest.raises(ConfigError) as refused:
        serve_all._watch([part("import os; os._exit(70)")], Event())
    assert refused.value.code == "serve-died"
    assert "3 times" in refused.value.message


def test_part_when_it_refuses_then_it_is_not_started_again():
    assert serve_all._watch([part("import os; os._exit(6)")], Event()) == 6


def test_part_when_it_lived_long_then_its_deaths_are_forgotten():
    one = part("")
    one.deaths, one.began_at = 5, time.monotonic()
    assert not one.wait_for_next_life()
    one.began_at -= serve_all._LONG_LIVED_SECONDS + 1
    assert one.wait_for_next_life()
    assert one.deaths == 1


def test_part_when_it_does_not_end_in_time_then_it_is_ended(monkeypatch):
    monkeypatch.setattr(serve_all, "_END_SECONDS", 0.0)
    stubborn = part("import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)")
    stubborn.start()
    process = stubborn.process
    serve_all._end([stubborn])
    assert process.poll() is not None
