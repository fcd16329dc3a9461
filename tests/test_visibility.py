"""The table of docs/visibility.md, in small: the share of what can be shown that the design promises."""

from bench.visibility import KINDS, measure, render


def test_visibility_when_eight_are_invited_and_three_quarters_answer_then_nine_tenths_are_shown():
    usual = measure(8, 75, rounds=4)
    assert usual["PM x trait"] >= 0.90
    assert set(usual) == set(KINDS)
    fewer = measure(5, 60, rounds=4)
    assert all(fewer[kind] < usual[kind] for kind in ("PM x trait", "comment", "change"))
    assert "| 8 | 75 % |" in render([(8, 75, usual)], 4)
