"""A made-up world: one roster, and campaigns whose true scores and responses are known.

The demo, the samples and tests build theirs here from a company, instruments and a seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from survey.campaign import parse_period
from survey.instrument import Instrument
from survey.roster import Roster
from survey.synthesis.invitations import subjects_of
from survey.synthesis.organisation import Company, draw_roster
from survey.synthesis.responses import Conduct, Response, make_raters, make_responses
from survey.synthesis.truth import NOTHING_PLANTED, Planted, Truth, make_truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One wave to be made up: its period, the share of others who answer, the quiet subjects."""

    period: str
    response_share: float = 0.82
    quiet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Waves of one instrument, with the truth behind them and the responses of each period."""

    instrument: Instrument
    truth: Truth
    responses: Mapping[str, tuple[Response, ...]]


def make_rng(seed: int, *path: int | str) -> np.random.Generator:
    """Returns a stream of chance of its own for each path, so that one part never moves another."""
    numbers = [int.from_bytes(str(step).encode(), "big") for step in path]
    return np.random.default_rng([seed, *numbers])


def make_organisation(company: Company, seed: int) -> Roster:
    """Returns the dated roster of a company."""
    return draw_roster(company, make_rng(seed, "roster"))


def make_campaign(
    roster: Roster,
    instrument: Instrument,
    cycles: tuple[Cycle, ...],
    seed: int,
    planted: Planted = NOTHING_PLANTED,
) -> Campaign:
    """Returns everything about a campaign: true scores with what is planted, and who answered what."""
    name = instrument.instrument_id
    periods = tuple(cycle.period for cycle in cycles)
    subjects = subjects_of(roster, instrument)
    truth = make_truth(instrument, subjects, periods, planted, make_rng(seed, name, "truth"))
    raters = make_raters(roster, truth, make_rng(seed, name, "raters"))
    return Campaign(
        instrument=instrument,
        truth=truth,
        responses={
            cycle.period: make_responses(
                roster, instrument, truth, raters, _conduct(cycle), make_rng(seed, name, cycle.period)
            )
            for cycle in cycles
        },
    )


def _conduct(cycle: Cycle) -> Conduct:
    return Conduct(period=parse_period(cycle.period), response_share=cycle.response_share, quiet=cycle.quiet)
