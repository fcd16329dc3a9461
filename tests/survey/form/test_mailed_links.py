"""The links that mails carry, opened as their readers do."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from survey.assignment import NominationState
from survey.form.app import open_form
from survey.invitation import approvals, invitations, nominations, reminders
from survey.mailing import NO_SECRET, send_all
from survey.register_collection import Collections
from tests.mail_world import FORM_URL, LINK, OPENED, Letterbox, World, approved, envelope_at, text_of, world


def mailed(one: World, orders) -> dict[str, str]:
    """The path of the link that each person was sent."""
    box = Letterbox()
    send_all(one.desk(), orders, box, envelope_at(OPENED), lambda _: None)
    links = {mail.recipient.partition("@")[0]: LINK.search(text_of(mail))[0] for mail in box.mails}
    return {person_id: urlsplit(link).path for person_id, link in links.items()}


def test_invitation_and_reminder_when_opened_then_the_form_greets_in_the_language_of_the_link(tmp_path: Path):
    with world(tmp_path) as one:
        path = mailed(one, invitations(one.round()))["r2"]
        further = mailed(one, reminders(one.round(), OPENED + timedelta(days=7)).orders)["r2"]
        with open_form(one.settings) as app, TestClient(app, base_url=FORM_URL) as client:
            for link in (path, further):
                english, german = client.get(link), client.get(f"{link}?lang=de")
                assert (english.status_code, german.status_code) == (200, 200)
                assert "Sekrit Pam" in english.text
                assert 'lang="en"' in english.text
                assert 'lang="de"' in german.text
            assert client.get(f"/f/{NO_SECRET}").status_code == 404


@pytest.mark.parametrize("kind", ["nominate", "approve"])
def test_nomination_and_approval_when_opened_then_their_pages_are_there(tmp_path: Path, kind):
    with world(tmp_path, is_open=False) as one:
        proposed = [approved("pam", "r1", NominationState.PROPOSED)]
        Collections(one.register.store).put_nominations(one.collection.wave_id, proposed)
        wave = one.round()
        orders = nominations(wave) if kind == "nominate" else approvals(wave, OPENED)
        path = mailed(one, orders)["pam" if kind == "nominate" else "lee"]
        with open_form(one.settings) as app, TestClient(app, base_url=FORM_URL) as client:
            page = client.get(path)
        assert page.status_code == 200
        assert "Sekrit" in page.text
