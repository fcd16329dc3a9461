"""How people sign in, from the environment: what is missing or unsafe is refused plainly."""

import pytest

from dashboard.auth.cookies import Cookies
from dashboard.auth.limits import ALLOWED, Limited, Limits
from dashboard.auth.settings import read_sign_in_settings
from survey.errors import ConfigError

PROVIDER = {
    "PMHEALTH_DASHBOARD_URL": "https://health.example.org/",
    "PMHEALTH_OIDC_ISSUER": "https://login.example.org",
    "PMHEALTH_OIDC_CLIENT_ID": "pmhealth",
    "PMHEALTH_OIDC_CLIENT_SECRET": "not in any text",
}
MAIL = {
    "PMHEALTH_DASHBOARD_URL": "http://127.0.0.1:8501",
    "PMHEALTH_SMTP_HOST": "127.0.0.1",
    "PMHEALTH_SMTP_TLS": "none",
    "PMHEALTH_MAIL_FROM": "people@example.org",
}


def test_settings_when_there_is_a_provider_then_links_are_off_until_asked_for():
    found = read_sign_in_settings({**MAIL, **PROVIDER})
    assert (found.url, found.origin, found.host) == (
        "https://health.example.org",
        "https://health.example.org",
        "health.example.org",
    )
    assert found.provider.issuer == "https://login.example.org"
    assert found.mail is None
    assert found.is_protected
    assert found.callback_url == "https://health.example.org/sign-in/callback"
    assert "not in any text" not in repr(found)
    assert read_sign_in_settings({**MAIL, **PROVIDER, "PMHEALTH_SIGN_IN_LINK": "on"}).mail is not None


def test_settings_when_there_is_only_mail_then_links_are_the_way_in():
    found = read_sign_in_settings(MAIL)
    assert found.provider is None
    assert found.mail.host == "127.0.0.1"
    assert not found.is_protected
    assert found.host == "127.0.0.1:8501"


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"PMHEALTH_DASHBOARD_URL": ""}, "sign-in-not-set-up", "PMHEALTH_DASHBOARD_URL"),
        ({"PMHEALTH_OIDC_CLIENT_SECRET": ""}, "sign-in-not-set-up", "PMHEALTH_OIDC_CLIENT_SECRET"),
        ({name: "" for name in PROVIDER if "OIDC" in name}, "sign-in-not-set-up", "PMHEALTH_SMTP_HOST"),
        (
            {**{name: "" for name in PROVIDER if "OIDC" in name}, "PMHEALTH_SIGN_IN_LINK": "off"},
            "sign-in-not-set-up",
            "PMHEALTH_OIDC_ISSUER",
        ),
        ({"PMHEALTH_SIGN_IN_LINK": "on"}, "sign-in-not-set-up", "PMHEALTH_SMTP_HOST"),
        ({"PMHEALTH_SIGN_IN_LINK": "yes"}, "sign-in-link", ""),
        ({"PMHEALTH_OIDC_ISSUER": "http://login.example.org"}, "sign-in-issuer", ""),
        ({"PMHEALTH_OIDC_ISSUER": "login.example.org"}, "sign-in-issuer", ""),
        ({"PMHEALTH_OIDC_UNVERIFIED_EMAIL": "yes"}, "sign-in-unverified", ""),
        ({"PMHEALTH_DASHBOARD_URL": "http://health.example.org"}, "mail-address", ""),
        ({"PMHEALTH_DASHBOARD_URL": "https://example.org/health"}, "sign-in-path", ""),
    ],
)
def test_settings_when_missing_or_unsafe_then_are_refused(changes, code, named):
    with pytest.raises(ConfigError) as refusal:
        read_sign_in_settings({**PROVIDER, **changes})
    assert refusal.value.code == code
    assert named in refusal.value.message
    assert "not in any text" not in str(vars(refusal.value))


def test_settings_when_unverified_addresses_are_accepted_then_say_so():
    assert read_sign_in_settings(
        {**PROVIDER, "PMHEALTH_OIDC_UNVERIFIED_EMAIL": "accept"}
    ).provider.accepts_unverified
    assert not read_sign_in_settings(PROVIDER).provider.accepts_unverified


def test_cookies_when_without_tls_then_have_the_plain_names():
    assert Cookies(is_protected=False).session_name == "pmhealth_session"
    assert Cookies(is_protected=True).attempt_name == "__Host-pmhealth_attempt"


def test_limits_when_a_window_is_over_then_one_may_try_again():
    seconds = [0.0]
    limits = Limits(lambda: seconds[0])
    allowed = [limits.allow(Limited.MAIL, "a") for _ in range(ALLOWED[Limited.MAIL] + 1)]
    assert allowed == [True] * ALLOWED[Limited.MAIL] + [False]
    assert limits.allow(Limited.MAIL, "b")
    assert limits.allow(Limited.LINK, "a")
    seconds[0] = 600.0
    assert limits.allow(Limited.MAIL, "a")


def test_limits_when_there_are_too_many_clients_then_the_rest_are_one():
    limits = Limits(lambda: 0.0)
    for number in range(20_000):
        limits.allow(Limited.MAIL, str(number))
    assert [limits.allow(Limited.MAIL, f"late {number}") for number in range(61)].count(False) == 1
