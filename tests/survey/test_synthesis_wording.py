"""How a value looks in each tool's cell, for every kind of scale."""

from decimal import Decimal

import pytest

from survey.instrument import ResponseScale, ScaleKind
from survey.synthesis.wording import code_text, label_text, number_text


def scale(kind: ScaleKind, labels: tuple[str, ...], low: int, high: int, step: str) -> ResponseScale:
    return ResponseScale(
        scale_id="made",
        kind=kind,
        low=Decimal(low),
        high=Decimal(high),
        step=Decimal(step),
        labels={"en": labels},
        not_observed={"en": ("cannot say",)},
    )


POINTS = scale(ScaleKind.POINTS, ("poor", "fair", "good"), 1, 3, "1")
RANGE = scale(ScaleKind.RANGE, ("none", "all"), 0, 100, "0.5")
EVENT = scale(ScaleKind.EVENT, ("no", "yes"), 0, 1, "1")


@pytest.mark.parametrize(
    ("made", "value", "label", "number", "code"),
    [
        (POINTS, "1", "poor", "1", "1"),
        (POINTS, "3", "good", "3", "3"),
        (POINTS, None, "cannot say", "not_observed", "4"),
        (RANGE, "62.5", "62.5", "62.5", "62.5"),
        (RANGE, "100", "100", "100", "100"),
        (EVENT, "0", "no", "0", "1"),
        (EVENT, "1", "yes", "1", "2"),
        (EVENT, None, "cannot say", "not_observed", "3"),
    ],
)
def test_value_when_written_is_a_label_a_number_or_a_code(made, value, label, number, code):
    given = None if value is None else Decimal(value)
    assert label_text("en")(made, given) == label
    assert number_text(made, given) == number
    assert code_text(made, given) == code
