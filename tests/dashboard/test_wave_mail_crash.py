"""A kill -9 at any moment of a mailing leaves nobody without a working link."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from survey.register_mail import MailLog, MailState
from tests.mail_server import Inbox, mail_server
from tests.mail_world import COLLEAGUES, FORM_URL, LINK, PMS, collection, person, roster, world

WAVE = collection().wave_id
EXTRA = tuple(f"x{number}" for number in range(60))
EVERYBODY = {"lee", *PMS, *COLLEAGUES, *EXTRA}
KILLS = 16


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "PMHEALTH_SMTP_HOST": "127.0.0.1",
        "PMHEALTH_SMTP_PORT": str(port),
        "PMHEALTH_SMTP_TLS": "none",
        "PMHEALTH_MAIL_FROM": "people@example.org",
        "PMHEALTH_FORM_URL": FORM_URL,
    }
    program = "import sys; from dashboard.cli import main; sys.argv[0] = 'pmhealth'; main()"
    arguments = ("--home", str(home), "wave", "invite", WAVE, "--per-second", "100")
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_in_the_middle(process: subprocess.Popen[bytes], inbox: Inbox, chance: random.Random) -> None:
    """Waits for a few mails, then a moment more, so that every line of the loop has its turn."""
    enough = len(inbox.received) + chance.randint(0, 4)
    while len(inbox.received) < enough and process.poll() is None:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.02)
    process.kill()
    process.wait()


@pytest.mark.slow
def test_invite_when_killed_at_random_moments_then_everybody_has_a_working_link_in_the_end(tmp_path):
    chance = random.Random(20261125)  # noqa: S311 - a test repeats itself
    crowd = {name: person(name, "pm") for name in EXTRA}
    with world(tmp_path / "home", people=roster(**crowd)) as one, mail_server(inbox := Inbox()) as port:
        for _ in range(KILLS):
            kill_in_the_middle(start(tmp_path / "home", port), inbox, chance)
        assert start(tmp_path / "home", port).wait() == 0
        reached = Counter()
        for mail in inbox.received:
            _, secret = LINK.search(mail.get_body(("plain",)).get_content()).groups()
            name = mail["To"].addresses[0].username
            assert one.find(secret).person_id == name
            reached[name] += 1
        assert set(reached) == EVERYBODY
        assert sum(reached.values()) <= len(EVERYBODY) + KILLS  # a kill costs one mail at most
        states = {record.state for record in MailLog(one.register.store).records(WAVE)}
        assert states == {MailState.SENT}
