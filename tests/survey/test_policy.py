"""The policy: each line has a span; what is wrong is said with its line."""

from decimal import Decimal

import pytest

from survey.errors import ConfigError
from survey.policy import default_policy, default_policy_text, parse_policy


def test_default_policy_when_read_then_says_what_design_promises():
    policy = default_policy()
    assert (policy.min_raters, policy.min_pms, policy.min_item_ratings) == (4, 3, 3)
    assert (policy.min_pms_for_spread, policy.min_raters_for_spread) == (10, 30)
    assert policy.fallback_sigma_share == Decimal("0.25")


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
