"""The form as a process: started by its command, watched, stopped, and what it loads and says."""

import re
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest

from survey.config import Settings
from survey.errors import ConfigError
from survey.form.server import serve

PROGRAM = "from dashboard.cli import main; main()"


@contextmanager
def running(home):
    command = [sys.executable, "-c", PROGRAM, "--home", str(home), "serve", "--only", "form", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        yield process, re.search(r"http://\S+", line)[0]
        if process.poll() is None:
            process.terminate()


def test_serve_when_started_then_it_answers_and_logs_no_request(world):
    secret = world.link("p-kim")
    with running(world.settings.home) as (process, address):
        assert urllib.request.urlopen(f"{address}/health").read() == b"ok"  # noqa: S310 - loopback
        page = urllib.request.urlopen(f"{address}/f/{secret}").read().decode()  # noqa: S310
        process.terminate()
        said, complained = process.communicate(timeout=20)

    assert "Ada Lovelace" in page
    assert secret not in said + complained
    assert complained == ""


def test_serve_when_the_port_is_taken_then_it_says_so(world):
    with running(world.settings.home) as (_, address):
        with pytest.raises(ConfigError) as refusal:
            serve(Settings(home=world.settings.home), port=int(address.rpartition(":")[2]), announce=print)
        assert refusal.value.code == "port-taken"


def test_form_when_imported_then_nothing_heavy_comes_with_it():
    code = "import sys, survey.form.server; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {"streamlit", "pandas", "duckdb", "pipeline", "dashboard", "numpy", "plotly"} & set(loaded)
