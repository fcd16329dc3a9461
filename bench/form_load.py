"""Respondents that open the form, fill it in, send it and see the receipt, so many at once.

A bounded client on loopback: each respondent has one connection, as a browser would, and takes the
next step only when the last one was answered. The server is a process of its own; what it costs is
read from the kernel.
"""

import asyncio
import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from bench.form_world import INSTRUMENT, make_form_world
from survey.config import Settings
from survey.definition import find_instrument

CROWDS = {1: 500, 20: 2000, 200: 3000}
"""How many respondents are there at once, and how many come in all."""

_SEAL = re.compile(rb'name="seal" value="([^"]+)"')
_LINKED = re.compile(rb'(?:href|src)="(/form/[^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)")
_PLACE = re.compile(rb"\r\nlocation: ([^\r]+)")
_HEADERS = (
    "Host: form.example\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
    "User-Agent: Mozilla/5.0 (bench)\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"
)
_COMMENT = "Asks what the user needs before anybody draws a screen, and says plainly when a plan has changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer of the server: its status line, headers and body, and how long it took, in seconds."""

    status: int
    head: bytes
    body: bytes
    seconds: float


class Respondent:
    """One person's browser: one connection, one request after the other."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.waits: list[float] = []

    async def visit(self, secret: str, answers: dict[str, str]) -> None:
        """Opens, fills in, sends, and reads the receipt; anything unexpected is an error."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            form = await self.ask(reader, writer, f"GET /f/{secret} HTTP/1.1\r\n{_HEADERS}\r\n".encode())
            seal = _SEAL.search(gzip.decompress(form.body))
            if form.status != HTTPStatus.OK or seal is None:
                raise RuntimeError("no form")
            body = urlencode({"seal": seal[1].decode(), **answers}).encode()
            head = (
                f"POST /f/{secret} HTTP/1.1\r\n{_HEADERS}Origin: http://form.example\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            sent = await self.ask(reader, writer, head.encode() + body)
            place = _PLACE.search(sent.head)
            if sent.status != HTTPStatus.SEE_OTHER or place is None:
                raise RuntimeError("not taken")
            get = f"GET {place[1].decode()} HTTP/1.1\r\n{_HEADERS}\r\n".encode()
            receipt = await self.ask(reader, writer, get)
            if receipt.status != HTTPStatus.OK or b"Thank you" not in gzip.decompress(receipt.body):
                raise RuntimeError("no receipt")
        finally:
            writer.close()

    async def ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
    ) -> Answered:
        """Sends one request and reads the answer whole."""
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head.lower())
        body = await reader.readexactly(int(length[1])) if length else b""
        seconds = time.perf_counter() - started
        self.waits.append(seconds)
        return Answered(status=int(head[9:12]), head=head, body=body, seconds=seconds)


async def crowd(
    port: int, secrets: list[str], at_once: int, answers: dict[str, str]
) -> tuple[list[float], int]:
    """Returns how long each request took, and how many visits failed."""
    waiting = iter(secrets)
    waits: list[float] = []
    failed = 0

    async def one_after_the_other() -> None:
        nonlocal failed
        for secret in waiting:
            respondent = Respondent(port)
            try:
                await respondent.visit(secret, answers)
            except (RuntimeError, OSError, asyncio.IncompleteReadError):
                failed += 1
            waits.extend(respondent.waits)

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return waits, failed


@contextmanager
def running_form(home: Path) -> Iterator[tuple[int, int]]:
    """Yields the process id and the port of a form server over a home."""
    program = str(Path(sys.executable).with_name("pmhealth"))
    command = [program, "--home", str(home), "serve", "--only", "form", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own program
        try:
            line = server.stdout.readline() if server.stdout else ""
            yield server.pid, int(line.rpartition(":")[2])
        finally:
            server.terminate()
            server.wait(20)


def cpu_seconds(pid: int) -> float:
    """Returns the CPU seconds of a process so far, all its threads, user and kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid: int) -> int:
    """Returns the most memory a process has had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def answers_of_a_rater() -> dict[str, str]:
    """Returns the fields of a form on which everything is answered."""
    instrument = find_instrument(Settings(home=Path("nowhere")), INSTRUMENT)
    rated = {
        f"q{place}": "1" if item.is_event else str(2 + place % 4)
        for place, item in enumerate(instrument.items)
    }
    words = {f"p{place}": _COMMENT for place in range(len(instrument.prompts))}
    return {**rated, **words, "do": "send"}


async def page_weight(port: int, secret: str) -> dict[str, float]:
    """Returns the bytes of a form as HTML and as sent with all it links to, and the number of requests."""
    respondent = Respondent(port)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    form = await respondent.ask(reader, writer, f"GET /f/{secret} HTTP/1.1\r\n{_HEADERS}\r\n".encode())
    html = gzip.decompress(form.body)
    sent = len(form.head) + len(form.body)
    linked = sorted({found.decode() for found in _LINKED.findall(html)})
    for path in linked:
        file = await respondent.ask(reader, writer, f"GET {path} HTTP/1.1\r\n{_HEADERS}\r\n".encode())
        sent += len(file.head) + len(file.body)
    writer.close()
    return {"html_bytes": len(html), "sent_bytes": sent, "requests": 1 + len(linked)}


def measure_form(home: Path, crowds: dict[int, int]) -> dict[str, dict[str, float]]:
    """Returns what each crowd costs, and the weight of a page."""
    secrets = make_form_world(home, sum(crowds.values()) + 1, date.today())
    answers = answers_of_a_rater()
    said: dict[str, dict[str, float]] = {}
    with running_form(home) as (pid, port):
        said["page"] = asyncio.run(page_weight(port, secrets.pop()))
        for at_once, visit_count in crowds.items():
            mine = [secrets.pop() for _ in range(visit_count)]
            before, started = cpu_seconds(pid), time.perf_counter()
            waits, failed = asyncio.run(crowd(port, mine, at_once, answers))
            wall = time.perf_counter() - started
            waits.sort()
            said[str(at_once)] = {
                "visits": visit_count,
                "failed": failed,
                "cpu_per_1000": (cpu_seconds(pid) - before) * 1000 / visit_count,
                "p50_ms": waits[len(waits) // 2] * 1000,
                "p99_ms": waits[len(waits) * 99 // 100] * 1000,
                "visits_per_second": visit_count / wall,
                "memory": peak_memory(pid),
            }
    return said


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure_form(Path(sys.argv[1]), CROWDS)))
