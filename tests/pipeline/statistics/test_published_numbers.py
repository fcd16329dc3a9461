"""Every published case that names one of our statistics, to the printed digits, through public functions.

The data sets are not part of the project; where the folder beside it is missing the tests say so.
Small cases stand in the docstrings as well, as doctests, and run everywhere.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.statistics.agreement import rwg, rwg_j, uniform_variance
from pipeline.statistics.careless import even_odd, longest_runs, response_deviations, squared_distances
from pipeline.statistics.change import reliable_change
from pipeline.statistics.consistency import Gaps, estimate_alpha
from pipeline.statistics.false_discovery import RATE, adjust_for_page
from pipeline.statistics.favourable import favourable_shares
from pipeline.statistics.linked import linked_change
from pipeline.statistics.omega import estimate_omega
from pipeline.statistics.one_way import analyse_groups
from pipeline.statistics.reliability import estimate_reliability
from pipeline.statistics.scoring import turn
from pipeline.statistics.shrinkage import guess_scores
from pipeline.statistics.two_way import estimate_two_way

FOLDER = Path(__file__).parents[4] / "shared" / "measurement"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the public data sets are not here: ../shared/measurement"
)


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def read_columns(name: str) -> dict[str, list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {column: [row[column] for row in rows] for column in rows[0]}


def numbers(columns: dict[str, list[str]], *names: str) -> np.ndarray:
    """(rows, names); an empty cell and NA are NaN."""
    return np.array(
        [[np.nan if text in {"", "NA"} else float(text) for text in columns[name]] for name in names]
    ).T


def printed(value: float, like: float) -> float:
    """A value cut to as many digits as the one it is compared with was printed with."""
    return round(value, len(str(like).partition(".")[2]))


def test_shrout_fleiss_when_computed_then_all_six_iccs_are_the_published(expected):
    columns = read_columns("shrout_fleiss_1979.csv")
    ratings = numbers(columns, "J1", "J2", "J3", "J4")
    one_way = estimate_reliability(
        analyse_groups(ratings.reshape(-1), np.repeat(np.arange(6), 4)), min_subjects=6
    )
    block = estimate_two_way(ratings)
    found = {
        "ICC(1,1)": one_way.icc1,
        "ICC(1,k)": one_way.icc2,
        "ICC(2,1)": block.agreement,
        "ICC(3,1)": block.consistency,
        "ICC(2,k)": block.agreement_mean,
        "ICC(3,k)": block.consistency_mean,
    }
    for figures in ("published", "computed"):
        for name, figure in expected["shrout_fleiss_icc"][figures].items():
            assert printed(found[name], figure) == figure


def bfi_scales(case: dict) -> dict[str, np.ndarray]:
    columns = read_columns("bfi.csv")
    scales = {}
    for trait, keys in case["keys"].items():
        names = [key.removeprefix("-") for key in keys]
        low, high = case["scale"]
        scales[trait] = turn(
            numbers(columns, *names), [key.startswith("-") for key in keys], low=low, high=high
        )
    return scales


def test_bfi_when_gaps_are_treated_in_three_ways_then_each_alpha_is_its_own(expected):
    case = expected["bfi_alpha"]
    for trait, answers in bfi_scales(case).items():
        filled = np.where(np.isnan(answers), np.nanmedian(answers, axis=0), answers)
        found = {
            "computed_pairwise_cov(psych::alpha)": estimate_alpha(answers, gaps=Gaps.PAIRWISE),
            "computed_listwise": estimate_alpha(answers),
            "computed_median_imputed(psych::scoreItems)": estimate_alpha(filled),
        }
        for name, alpha in found.items():
            assert alpha.alpha == pytest.approx(case[name][trait], abs=0.51e-6 if "imp" not in name else 6e-5)
            assert alpha.low < alpha.alpha < alpha.high
        published = case["published_scoreItems_2dp"][trait]
        assert printed(estimate_alpha(filled).alpha, published) == published


def test_bfi_when_scored_then_feldt_interval_is_that_of_psych(expected):
    """psych's help prints 0.69, 0.7, 0.72 for agreeableness: lower, alpha, upper."""
    found = estimate_alpha(bfi_scales(expected["bfi_alpha"])["agree"], gaps=Gaps.PAIRWISE)
    assert [round(one, 2) for one in (found.low, found.alpha, found.high)] == [0.69, 0.7, 0.72]


@pytest.mark.parametrize("column", ["HRS", "WBEING", "COHES"])
def test_bh1996_when_analysed_then_icc1_with_both_sizes_and_icc2_are_as_published(expected, column):
    case, columns = expected["bh1996_icc"], read_columns("bh1996.csv")
    values = numbers(columns, column)[:, 0]
    found = estimate_reliability(analyse_groups(values, numbers(columns, case["group"])[:, 0]))
    figures = case["computed"][column]
    # The computed figure of WBEING is the published one, 0.04336905, rounded once more.
    assert found.icc1_mean_size == pytest.approx(figures["ICC1_kbar"], abs=0.51e-7)
    assert printed(found.icc2, figures["ICC2"]) == figures["ICC2"]
    if "ICC1_k0" in figures:
        assert printed(found.icc1, figures["ICC1_k0"]) == figures["ICC1_k0"]
    assert (found.subject_count, found.rater_count) == (99, 7382)
    if column == "WBEING":
        assert printed(found.icc1_mean_size, 0.04336905) == case["published"]["WBEING_ICC1"]


def test_bh1996_when_agreement_is_computed_then_rwg_is_as_published(expected):
    case, columns = expected["bh1996_icc"]["rwg_COHES"], read_columns("bh1996.csv")
    groups, values = numbers(columns, "GRP")[:, 0], numbers(columns, "COHES")[:, 0]
    variances = [values[groups == group].var(ddof=1) for group in np.unique(groups)]
    found = rwg(variances, uniform_variance(5))
    assert printed(float(found[0]), case["first_group"]) == case["first_group"]
    for name in ("mean", "min", "max"):
        assert printed(float(getattr(found, name)()), case[name]) == case[name]
    assert rwg_j(np.array(variances)[:, None], 2.0) == pytest.approx(found)  # one item is the same


def test_dyestuff_when_shrunk_then_batches_are_lme4s(expected):
    case, columns = expected["dyestuff_shrinkage"], read_columns("dyestuff.csv")
    names, batches = np.unique(columns["Batch"], return_inverse=True)
    yields = numbers(columns, "Yield")[:, 0]
    table = analyse_groups(yields, batches)
    means = np.bincount(batches, weights=yields) / np.bincount(batches)
    found = guess_scores(
        means,
        np.bincount(batches),
        within_variance=table.within,
        between_variance=table.between_variance,
    )
    published = case["published_REML"]
    assert round(table.between_variance, 2) == published["var_batch"]
    assert round(table.within, 2) == published["var_residual"]
    assert printed(found.centre, published["mean"]) == published["mean"]
    assert found.weights == pytest.approx(np.full(6, case["lambda"]), abs=0.51e-7)
    for name, point in zip(names, found.points, strict=True):
        assert printed(float(point) - found.centre, case["BLUP"][name]) == case["BLUP"][name]


def test_careless_when_indices_are_computed_then_they_are_those_of_the_r_package():
    answers = read_columns("careless_dataset.csv")
    points = numbers(answers, *answers)
    wanted = read_columns("careless_expected.csv")
    assert longest_runs(points) == pytest.approx(numbers(wanted, "longstr")[:, 0])
    assert response_deviations(points) == pytest.approx(numbers(wanted, "irv")[:, 0], abs=1e-9)
    factors = np.repeat(np.arange(10), 5)
    halves = numbers(wanted, "evenodd")[:, 0]  # NA where a half has no spread
    assert even_odd(points, factors) == pytest.approx(halves, abs=1e-9, nan_ok=True)
    assert squared_distances(points) == pytest.approx(numbers(wanted, "mahad_sq")[:, 0], abs=1e-9)


def test_holzinger_swineford_when_computed_then_alpha_and_omega_are_those_of_lavaan(expected):
    case, columns = expected["hs_reliability"], read_columns("holzinger_swineford_1939.csv")
    for trait, (first, last) in {"visual": (1, 3), "textual": (4, 6), "speed": (7, 9)}.items():
        answers = numbers(columns, *(f"x{place}" for place in range(first, last + 1)))
        alpha = case["published_semTools"][trait]["alpha"]
        assert printed(estimate_alpha(answers).alpha, alpha) == alpha
        omega = case["one_factor_ML_omega_lavaan"][f"x{first}-x{last}"]
        assert estimate_omega(answers).omega == pytest.approx(omega, abs=1e-6)


def test_wilson_when_computed_then_intervals_are_newcombes(expected):
    for hits, n, low, high in expected["wilson"]["cases"]:
        found = favourable_shares([hits], [n])
        assert [round(float(found.low[0]), 4), round(float(found.high[0]), 4)] == [low, high]


def test_reliable_change_when_computed_then_is_that_of_jacobson_and_truax(expected):
    case = expected["rci"]
    found = reliable_change(case["pre"], case["post"], deviation=case["sd"], reliability=case["rxx"])
    for figures in (case, case["published"]):
        assert printed(found.error_of_measurement, figures["SE"]) == figures["SE"]
        assert printed(found.error_of_difference, figures["S_diff"]) == figures["S_diff"]
        assert printed(found.index, figures["RC"]) == figures["RC"]


def test_benjamini_hochberg_when_computed_then_four_are_found(expected):
    case = expected["bh_fdr"]
    adjusted = adjust_for_page(case["p"])
    assert adjusted == pytest.approx(case["adjusted"], abs=0.51e-6)
    assert case["q"] == RATE
    assert int((adjusted <= RATE).sum()) == case["published_rejections"]["BH"]
    assert sum(p * len(case["p"]) <= RATE for p in case["p"]) == case["published_rejections"]["Bonferroni"]


def test_sleep_when_pairs_are_linked_then_t_and_interval_are_students(expected):
    case = expected["paired_t_sleep"]
    found, figures = linked_change(case["b"], case["a"]), case["paired"]
    assert printed(found.t, figures["t"]) == figures["t"]
    assert found.degrees_of_freedom == figures["df"]
    assert printed(found.p_value, figures["p"]) == figures["p"]
    assert [found.low, found.high] == pytest.approx(figures["ci"], abs=0.51e-7)
