"""What the environment says about mail: what works, and what is refused before anything is sent."""

import pytest

from survey.errors import ConfigError
from survey.mail_settings import (
    Protection,
    parse_sender,
    read_dashboard_url,
    read_form_url,
    read_mail_settings,
)

SET = {"PMHEALTH_SMTP_HOST": "mail.example.org", "PMHEALTH_MAIL_FROM": "People Team <people@example.org>"}


def test_settings_when_only_host_and_sender_are_set_then_the_way_is_protected():
    settings = read_mail_settings(SET)
    assert (settings.host, settings.port, settings.protection) == (
        "mail.example.org",
        587,
        Protection.STARTTLS,
    )
    assert str(settings.sender) == "People Team <people@example.org>"


@pytest.mark.parametrize(
    ("more", "port"),
    [
        ({"PMHEALTH_SMTP_TLS": "tls"}, 465),
        ({"PMHEALTH_SMTP_TLS": "tls", "PMHEALTH_SMTP_PORT": "2465"}, 2465),
        ({"PMHEALTH_SMTP_TLS": "none", "PMHEALTH_SMTP_HOST": "localhost"}, 25),
        ({"PMHEALTH_SMTP_TLS": "none", "PMHEALTH_SMTP_HOST": "::1"}, 25),
        ({"PMHEALTH_SMTP_USER": "u", "PMHEALTH_SMTP_PASSWORD": "p"}, 587),
    ],
)
def test_settings_when_usable_then_the_port_is_the_one_of_the_protection(more, port):
    assert read_mail_settings(SET | more).port == port


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"PMHEALTH_SMTP_HOST": ""}, "mail-not-set-up"),
        ({"PMHEALTH_MAIL_FROM": ""}, "mail-not-set-up"),
        ({"PMHEALTH_SMTP_TLS": "none"}, "mail-unprotected"),
        ({"PMHEALTH_SMTP_TLS": "none", "PMHEALTH_SMTP_HOST": "10.0.0.7"}, "mail-unprotected"),
        ({"PMHEALTH_SMTP_TLS": "none", "PMHEALTH_SMTP_HOST": "localhost.example.org"}, "mail-unprotected"),
        ({"PMHEALTH_SMTP_TLS": "ssl"}, "mail-protection"),
        ({"PMHEALTH_SMTP_PORT": "0"}, "mail-port"),
        ({"PMHEALTH_SMTP_PORT": "65536"}, "mail-port"),
        ({"PMHEALTH_SMTP_PORT": "smtp"}, "mail-port"),
        ({"PMHEALTH_SMTP_PORT": "²"}, "mail-port"),
        ({"PMHEALTH_SMTP_USER": "u"}, "mail-login-half"),
        ({"PMHEALTH_SMTP_PASSWORD": "sekrit"}, "mail-login-half"),
    ],
)
def test_settings_when_not_usable_then_they_are_refused_without_a_value(more, code):
    with pytest.raises(ConfigError) as refused:
        read_mail_settings(SET | more)
    assert refused.value.code == code
    assert "sekrit" not in f"{refused.value.message} {refused.value.where} {refused.value.hint}"


@pytest.mark.parametrize(
    "text",
    ["", "People Team", "a@b", "a@b@c.org", "a@ex.org, b@ex.org", "A <a@ex.org>\nBcc: b@ex.org", "ä@ex.org"],
)
def test_sender_when_no_address_then_it_is_refused(text):
    with pytest.raises(ConfigError) as refused:
        parse_sender(text)
    assert refused.value.code == "mail-sender"


@pytest.mark.parametrize(
    "url", ["https://survey.example.org", "https://example.org/survey/", "http://127.0.0.1:8502"]
)
def test_address_when_it_protects_or_is_this_machine_then_links_lead_there(url):
    assert read_form_url({"PMHEALTH_FORM_URL": url}) == url.rstrip("/")
    assert read_dashboard_url({"PMHEALTH_DASHBOARD_URL": url}) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://survey.example.org",
        "survey.example.org",
        "ftp://survey.example.org",
        "https://",
        "https://example.org/?a=b",
        "https://example.org/#f",
        "https://me:pw@example.org",
        "https://example.org:port",
        "https://example.org/a b",
        "https://exa\nmple.org",
        "https://[::1",
    ],
)
def test_address_when_it_would_not_protect_or_is_none_then_it_is_refused(url):
    with pytest.raises(ConfigError) as refused:
        read_form_url({"PMHEALTH_FORM_URL": url})
    assert refused.value.code == "mail-address"


def test_address_when_missing_then_its_variable_is_named():
    with pytest.raises(ConfigError) as refused:
        read_dashboard_url({})
    assert "PMHEALTH_DASHBOARD_URL" in refused.value.message
