"""The policy: each line has a span; what is wrong is said with its line."""

from decimal import Decimal

import pytest

from survey.errors import ConfigError
from survey.policy import RETIRED, default_policy, default_policy_text, parse_policy


def test_default_policy_when_read_then_says_what_design_promises():
    policy = default_policy()
    assert (policy.min_raters, policy.min_pms, policy.min_item_ratings) == (4, 3, 3)
    assert (policy.min_pms_for_spread, policy.min_raters_for_spread) == (10, 30)
    assert policy.fallback_sigma_share == Decimal("0.25")
    assert (policy.min_comment_submitters, policy.min_comment_authors) == (5, 2)
    assert policy.min_pms_for_distribution == 10
    assert policy.turnover_guard is False


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("min_raters = 4", "min_raters = 2", "policy-span", "policy.toml:9"),
        ("min_raters = 4", "min_raters = 11", "policy-span", "policy.toml:9"),
        ("min_raters = 4", 'min_raters = "four"', "policy-span", "policy.toml:9"),
        ("min_raters = 4", "min_raters = true", "policy-span", "policy.toml:9"),
        ("min_raters = 4", "min_raters = 4.0", "policy-span", "policy.toml:9"),
        ("min_raters = 4", "", "policy-missing", "policy.toml"),
        ("min_raters = 4", "min_rater = 4", "policy-unknown", "policy.toml:9"),
        ("min_raters = 4", "min_raters 4", "policy-toml", "policy.toml"),
        ("= 0.25", "= 1", "policy-span", "policy.toml:27"),
        ("= 0.25", "= 0.05", "policy-span", "policy.toml:27"),
        ("min_comment_submitters = 5", "min_comment_submitters = 4", "policy-span", "policy.toml:32"),
        ("min_comment_authors = 2", "min_comment_authors = 1", "policy-span", "policy.toml:33"),
        ("for_distribution = 10", "for_distribution = 9", "policy-span", "policy.toml:36"),
        ("turnover_guard = false", "turnover_guard = 0", "policy-span", "policy.toml:42"),
    ],
)
def test_policy_when_a_line_is_wrong_then_is_refused_there(old, new, code, line):
    with pytest.raises(ConfigError) as caught:
        parse_policy(default_policy_text().replace(old, new))
    assert (caught.value.code, caught.value.where) == (code, line)
    assert caught.value.hint


def test_policy_hash_when_only_comments_change_then_stays():
    text = default_policy_text()
    bare = "\n".join(line for line in reversed(text.splitlines()) if not line.startswith("#"))
    assert parse_policy(bare).policy_hash == default_policy().policy_hash
    stricter = text.replace("min_raters = 4", "min_raters = 5")
    assert parse_policy(stricter).policy_hash != default_policy().policy_hash


FROZEN_BEFORE_COMMENTS = """
min_raters = 4
min_pms = 3
min_item_ratings = 3
min_pms_for_spread = 10
min_raters_for_spread = 30
fallback_sigma_share = 0.25
"""


def test_policy_when_frozen_before_a_line_was_there_then_the_line_is_taken_at_its_strictest():
    policy = parse_policy(FROZEN_BEFORE_COMMENTS)
    assert (policy.min_comment_submitters, policy.min_comment_authors) == (50, 10)
    assert (policy.min_pms_for_distribution, policy.min_ratings_for_distribution) == (1000, 10000)
    assert policy.turnover_guard is True


def test_policy_hash_when_frozen_before_a_line_was_there_then_is_what_releases_carry():
    """The hash as version 0.1.0 computed it from the six lines there were."""
    old = "1dc914d30a044b787cf408d35788058bd0fe5b3b032ec1d8c3eb98fec37f1db4"
    assert parse_policy(FROZEN_BEFORE_COMMENTS).policy_hash == old


def test_policy_when_a_line_must_be_true_or_false_then_the_hint_says_so():
    with pytest.raises(ConfigError) as caught:
        parse_policy(default_policy_text().replace("turnover_guard = false", "turnover_guard = 0"))
    assert caught.value.hint == "give true or false"


def test_policy_when_frozen_with_a_line_that_is_retired_then_is_read_and_keeps_its_hash():
    text = default_policy_text() + "\nmin_ratings_for_distribution = 30\n"
    assert parse_policy(text).policy_hash != default_policy().policy_hash
    assert not any(name in default_policy_text() for name in RETIRED)
    with pytest.raises(ConfigError, match="not allowed"):
        parse_policy(text.replace("= 30\n", "= 29\n"))
