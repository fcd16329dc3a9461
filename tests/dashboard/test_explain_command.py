"""`pmhealth explain`: names in, where a number comes from out; what is hidden stays hidden."""

import json

import pytest

from dashboard.cli import run


@pytest.fixture
def explain(home, capsys):
    def _explain(*arguments):
        code = run(["--home", str(home), "explain", *arguments])
        caught = capsys.readouterr()
        return code, caught.out, caught.err

    return _explain


def test_explain_when_listing_then_each_name_can_be_explained(explain):
    code, out, _ = explain("--list", "great-pm/2026Q2:pm/p-bo", "--json")
    names = json.loads(out)
    assert code == 0
    assert "great-pm/2026Q2:pm/p-bo:others:trait/taste" in names
    assert all(explain(name)[0] == 0 for name in names)


def test_explain_when_hidden_then_says_the_rule_and_no_count(explain):
    _, out, _ = explain("great-pm/2026Q2:pm/p-bo:others:trait/taste")
    assert "hidden: at least 4 others are needed" in out
    assert "n = " not in out


def test_explain_when_shown_then_says_n_k_and_origin(explain):
    _, out, _ = explain("great-pm/2026Q2:unit/Product/Growth:others:trait/focus")
    assert "n = 32, PMs = 7" in out
    assert "k = 4, at least 3 PMs" in out
    assert "trait_score.sql" in out


def test_explain_when_a_team_is_rated_then_is_called_so(explain):
    assert explain("three-lenses/2026H1:team/Product/Growth:others:trait/feasibility")[0] == 0


def test_explain_when_nothing_has_that_name_then_refuses(explain):
    code, out, err = explain("great-pm/2026Q2:pm/nobody:others:trait/taste")
    assert (code, out) == (14, "")
    assert "explain-unknown" in err
    assert explain("--list", "great-pm/2026Q2:pm/nobody")[1].startswith("There is no number")


def test_explain_when_nothing_is_published_then_refuses(tmp_path, capsys):
    assert run(["--home", str(tmp_path), "explain", "x"]) != 0
    assert "explain-nothing" in capsys.readouterr().err
