"""What those who did not answer could change in a unit's scores. Only our own form knows who was asked."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.disclosure.response_share import told_shares
from pipeline.publishing.derived import rounded
from pipeline.publishing.staging import Staging
from pipeline.publishing.values import Values
from pipeline.release import Scope
from pipeline.statistics.nonresponse import worst_case
from survey.instrument import SubjectKind

_WHOLE = 100


def nonresponse_tables(staging: Staging, values: Values) -> Iterator[tuple[str, pa.Table]]:
    """Yields, with their table's name, the bounds of every shown trait of the units whose share is told."""
    asked = staging.edition.asked_counts
    if not asked or staging.instrument.subject_kind is not SubjectKind.PM:
        return
    scores = staging.read("unit_trait")
    shares = _shares(staging, asked, scores)
    for trait in values.traits if shares else ():
        low, high = float(trait.scale.low), float(trait.scale.high)
        own = scores.filter(pc.equal(scores["measure_no"], trait.measure_no))
        yield "nonresponse", _bounds(staging.wave_no, own, shares, (low, high))


def _shares(staging: Staging, asked: Mapping[str, int], scores: pa.Table) -> dict[int, int]:
    """Per cent of those asked about the PMs of each unit, by the unit's number."""
    answered = zip(scores["unit_id"].to_pylist(), scores["response_count"].to_pylist(), strict=True)
    shares = told_shares(
        asked,
        dict(answered),
        {person.person_id: person.org_unit for person in staging.members.people},
        min_raters=staging.policy.min_raters,
        min_pms=staging.policy.min_pms,
    )
    return {staging.scopes[Scope.UNIT.value, unit]: share for unit, share in shares.items()}


def _bounds(wave_no: int, scores: pa.Table, shares: dict[int, int], ends: tuple[float, float]) -> pa.Table:
    told = scores.filter(pc.is_in(scores["scope_no"], pa.array(list(shares), pa.int32())))
    percent = np.array([shares[scope_no] for scope_no in told["scope_no"].to_pylist()])
    low, high = ends
    found = worst_case(told["score"].to_numpy(), percent, np.full(len(told), _WHOLE), low=low, high=high)
    made = told.select(["scope_no", "measure_no"]).append_column(
        "wave_no", pa.array(np.full(len(told), wave_no))
    )
    for name, column in (("response_share", found.response_shares), ("low", found.low), ("high", found.high)):
        made = made.append_column(name, pa.array(rounded(column)))
    return made.append_column("is_needed", pa.array(found.is_needed))
