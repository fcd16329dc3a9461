"""McDonald's omega: as alpha, but items may reflect the trait more or less. Organisation only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.cannot_tell import CannotTell, Why
from pipeline.statistics.consistency import MIN_RESPONSES

_LEAST_ITEMS = 3
_LEAST_UNIQUE = 0.005
"""Of an item's variance: below it the one-factor model runs to its edge (a Heywood case)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Omega:
    """`loadings` are of standardised items, signed so that most are positive."""

    omega: float
    loadings: tuple[float, ...]
    response_count: int


def estimate_omega(answers: ArrayLike, *, min_responses: int = MIN_RESPONSES) -> Omega | CannotTell:
    """Returns (sum l)² / ((sum l)² + sum psi) of the one-factor model, by maximum likelihood.

    Responses with a gap are left out. Where the model runs to its edge there is no number.
    Source: McDonald, Test Theory, 1999; Jöreskog, Psychometrika 32, 1967, for the
    function that is minimised. Published numbers are held by tests/pipeline/statistics.

    Args:
        answers: (n_responses, n_items), one trait's items, turned; NaN = no rating.
        min_responses: below so many complete responses there is no answer.
    """
    points = np.asarray(answers, dtype=np.float64)
    if points.shape[1] < _LEAST_ITEMS:
        return CannotTell(why=Why.TOO_FEW_ITEMS)
    kept = points[np.isfinite(points).all(axis=1)]
    if len(kept) < max(min_responses, points.shape[1] + 1):
        return CannotTell(why=Why.TOO_FEW_RATERS)
    deviations = kept.std(axis=0)
    if not (deviations > 0).all():
        return CannotTell(why=Why.NO_SPREAD)
    loadings = _fit(np.asarray(np.corrcoef(kept, rowvar=False), dtype=np.float64))
    if loadings is None:
        return CannotTell(why=Why.NO_FIT)
    common = float((loadings * deviations).sum()) ** 2
    unique = float(((1 - loadings**2) * deviations**2).sum())
    return Omega(
        omega=common / (common + unique),
        loadings=tuple(float(one) for one in loadings),
        response_count=len(kept),
    )


def _fit(correlation: NDArray[np.float64]) -> NDArray[np.float64] | None:
    from scipy.optimize import minimize  # noqa: PLC0415 - takes a second to import

    found = minimize(
        _misfit,
        np.full(len(correlation), 0.5),
        args=(correlation,),
        method="L-BFGS-B",
        bounds=[(_LEAST_UNIQUE, 1.0)] * len(correlation),
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
    )
    unique = np.asarray(found.x, dtype=np.float64)
    if (unique <= _LEAST_UNIQUE).any():
        return None
    values, vectors = _scaled_eigen(unique, correlation)
    loadings = np.sqrt(unique) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    return np.asarray(loadings * np.sign(loadings.sum()), dtype=np.float64)


def _misfit(unique: NDArray[np.float64], correlation: NDArray[np.float64]) -> float:
    """The likelihood's distance with the loadings already at their best for these unique variances."""
    rest = np.maximum(_scaled_eigen(unique, correlation)[0][:-1], np.finfo(np.float64).tiny)
    return float((rest - np.log(rest) - 1).sum())


def _scaled_eigen(
    unique: NDArray[np.float64], correlation: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    scale = 1 / np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation * np.outer(scale, scale))
    return values, vectors
