"""Who takes part, without when and without what: links, lists of tasks, and how far each one is.

A submission is claimed here before it is stored and marked done afterwards. A claim belongs to one
link, so that no second secret of the same assignment is ever counted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import Update

from survey import register_schema as schema
from survey.campaign import WaveState
from survey.participation import (
    Claim,
    ClaimOutcome,
    GroupCount,
    LinkPurpose,
    LinkView,
    ParticipationState,
    Responder,
    Task,
    judge_claim,
)
from survey.relationship import Relationship
from survey.store import Store

__all__ = [
    "Claim",
    "ClaimOutcome",
    "GroupCount",
    "LinkPurpose",
    "LinkView",
    "Participation",
    "ParticipationState",
    "Responder",
    "Task",
]


def _nothing() -> None:
    """What is done to the answers by who has changed them already."""


class Participation:
    """Links and participation in a register. Each method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_link(self, wave_id: str, person_id: str, purpose: LinkPurpose, secret_hash: bytes) -> int:
        """Adds a personal link and returns its number; earlier links of the person stay good."""
        with self._store.writing() as connection:
            link_no = connection.execute(_LAST_LINK).scalar_one() + 1
            row = {
                "link_no": link_no,
                "wave_id": wave_id,
                "person_id": person_id,
                "purpose": purpose.value,
                "secret_hash": secret_hash,
            }
            connection.execute(insert(schema.link), row)
            return int(link_no)

    def find_link(self, secret_hash: bytes) -> LinkView | None:
        """Returns what the link with that hash opens, or None."""
        found = self.visit(secret_hash)
        return None if found is None else found[0]

    def tasks(self, link: LinkView) -> tuple[Task, ...]:
        """Returns what the link's person is asked in the wave, in the order of their list."""
        asked = {"of_wave": link.wave_id, "person_id": link.person_id}
        return tuple(_task(row, link.link_no) for row in self._store.look_up(_TASKS, asked))

    def visit(self, secret_hash: bytes) -> tuple[LinkView, tuple[Task, ...]] | None:
        """Returns the link with that hash and its person's tasks, or None: all that a page needs."""
        rows = self._store.look_up(_VISIT, {"secret_hash": secret_hash})
        if not rows:
            return None
        link = _link(rows[0][:_LINK_COLUMNS])
        tasks = (row[_LINK_COLUMNS:] for row in rows)
        return link, tuple(_task(task, link.link_no) for task in tasks if task[0] is not None)

    def claim(self, claims: Sequence[Claim]) -> tuple[ClaimOutcome, ...]:
        """Claims assignments for links before their answers are stored; returns each one's outcome.

        An assignment that the same link has claimed or done already is claimed again.
        """
        return self._claim(claims, frozenset({ParticipationState.INVITED}))

    def claim_withdrawals(self, claims: Sequence[Claim]) -> tuple[ClaimOutcome, ...]:
        """Claims assignments before their answers are removed; returns each one's outcome.

        One that was done is not done any more, since its answers may be gone.
        """
        return self._claim(claims, frozenset({ParticipationState.INVITED, ParticipationState.DONE}))

    def finish(self, claims: Sequence[Claim], store: Callable[[], None] = _nothing) -> bool:
        """Marks claimed assignments as done, after `store` has stored their answers.

        Nobody else claims, finishes or gives back anything meanwhile. Returns False, with nothing
        stored or marked, if another process has given one of the claims back.
        """
        return self._conclude(claims, frozenset(ParticipationState), store, _FINISH)

    def release(self, claims: Sequence[Claim], remove: Callable[[], None] = _nothing) -> bool:
        """Gives claimed assignments back, after `remove` has removed their answers: any link may claim them.

        Nobody else claims, finishes or gives back anything meanwhile. Returns False, with nothing
        removed or given back, if another process has finished or given back one of the claims.
        """
        return self._conclude(claims, frozenset({ParticipationState.SUBMITTING}), remove, _RELEASE)

    def drop_links(self, wave_id: str) -> None:
        """Deletes every link of a wave, and who used which."""
        with self._store.writing() as connection:
            connection.execute(_FORGET_LINKS, {"of_wave": wave_id})
            connection.execute(_DROP_LINKS, {"of_wave": wave_id})

    def counts(self, wave_id: str) -> tuple[GroupCount, ...]:
        """Returns how many are asked and done, by subject and reporting group."""
        with self._store.reading() as connection:
            rows = connection.execute(_COUNTS, {"of_wave": wave_id})
            return tuple(GroupCount(**row._mapping) for row in rows)  # noqa: SLF001 - its public name

    def raters(self, wave_id: str) -> Mapping[str, int]:
        """Returns everybody who is asked in a wave, each with how many tasks they have not done."""
        with self._store.reading() as connection:
            rows = connection.execute(_RATERS, {"of_wave": wave_id})
            return {row.rater_id: int(row.not_done) for row in rows}

    def responders(self, wave_id: str) -> tuple[Responder, ...]:
        """Returns whose responses are stored, by subject and rater. For closing."""
        with self._store.reading() as connection:
            return tuple(_responder(row) for row in connection.execute(_RESPONDERS, {"of_wave": wave_id}))

    def _claim(
        self, claims: Sequence[Claim], changing: frozenset[ParticipationState]
    ) -> tuple[ClaimOutcome, ...]:
        if not claims:
            return ()
        with self._store.writing() as connection:
            desk = _Desk(connection, claims)
            outcomes = tuple(desk.claim(claim) for claim in claims)
            taken = [
                claim
                for claim, outcome in zip(claims, outcomes, strict=True)
                if outcome is ClaimOutcome.CLAIMED and desk.state_before(claim) in changing
            ]
            if taken:
                connection.execute(_CLAIM, [_parameters(claim) for claim in taken])
            return outcomes

    def _conclude(
        self,
        claims: Sequence[Claim],
        states: frozenset[ParticipationState],
        change_answers: Callable[[], None],
        statement: Update,
    ) -> bool:
        """The answers change inside the transaction: two processes with the same link take turns."""
        with self._store.writing() as connection:
            if not _are_held(connection, claims, states):
                return False
            change_answers()
            if claims:
                connection.execute(statement, [_parameters(claim) for claim in claims])
            return True


def _are_held(connection: Connection, claims: Iterable[Claim], states: frozenset[ParticipationState]) -> bool:
    wanted = {(claim.assignment_no, claim.link_no) for claim in claims}
    numbers = {"numbers": sorted(number for number, _ in wanted)}
    rows = connection.execute(_HOLDERS, numbers)
    return wanted == {(row.assignment_no, row.link_no) for row in rows if row.state in states}


class _Desk:
    """Judges the claims of a batch one after the other, on what the register said at its start."""

    def __init__(self, connection: Connection, claims: Iterable[Claim]) -> None:
        numbers = {"numbers": sorted({claim.assignment_no for claim in claims})}
        links = {"links": sorted({claim.link_no for claim in claims})}
        self._assignments = {row.assignment_no: row for row in connection.execute(_CLAIMED, numbers)}
        self._links = {row.link_no: row for row in connection.execute(_CLAIMING, links)}
        self._holders = {number: row.holder for number, row in self._assignments.items()}

    def claim(self, claim: Claim) -> ClaimOutcome:
        assignment = self._assignments.get(claim.assignment_no)
        link = self._links.get(claim.link_no)
        if assignment is None or link is None or _owner(link) != _owner(assignment):
            return ClaimOutcome.UNKNOWN
        holder = self._holders[claim.assignment_no]
        outcome = judge_claim(WaveState(assignment.wave_state), holder, claim.link_no)
        if outcome is ClaimOutcome.CLAIMED:
            self._holders[claim.assignment_no] = claim.link_no
        return outcome

    def state_before(self, claim: Claim) -> ParticipationState:
        return ParticipationState(self._assignments[claim.assignment_no].state)


def _owner(row: Sequence[Any]) -> tuple[str, str]:
    """A link claims its own person's assignments in its own wave, whatever was asked for."""
    _, wave_id, person_id, *_ = row
    return wave_id, person_id


_LINK = schema.link.c
_ASSIGNMENT = schema.assignment.c
_PARTICIPATION = schema.participation.c
_JOINED = schema.assignment.join(
    schema.participation, _PARTICIPATION.assignment_no == _ASSIGNMENT.assignment_no
)
_OF_WAVE = _ASSIGNMENT.wave_id == bindparam("of_wave")

_LAST_LINK = select(func.coalesce(func.max(_LINK.link_no), 0))
_TASK_VALUES = (
    _ASSIGNMENT.assignment_no,
    _ASSIGNMENT.place,
    _ASSIGNMENT.subject_id,
    _ASSIGNMENT.relationship,
    _ASSIGNMENT.reporting_group,
    _PARTICIPATION.state,
    _PARTICIPATION.link_no,
)
_LINK_VALUES = (
    _LINK.link_no,
    _LINK.wave_id,
    _LINK.person_id,
    _LINK.purpose,
    schema.wave.c.state,
    schema.collection.c.closes_on,
)
_LINK_COLUMNS = len(_LINK_VALUES)
_TASKS = (
    select(*_TASK_VALUES)
    .select_from(_JOINED)
    .where(_OF_WAVE, _ASSIGNMENT.rater_id == bindparam("person_id"))
    .order_by(_ASSIGNMENT.place)
)
_VISIT = (
    select(*_LINK_VALUES, *_TASK_VALUES)
    .select_from(
        schema.link.join(schema.collection, schema.collection.c.wave_id == _LINK.wave_id)
        .outerjoin(schema.wave, schema.wave.c.wave_id == _LINK.wave_id)
        .outerjoin(
            schema.assignment,
            and_(_ASSIGNMENT.wave_id == _LINK.wave_id, _ASSIGNMENT.rater_id == _LINK.person_id),
        )
        .outerjoin(schema.participation, _PARTICIPATION.assignment_no == _ASSIGNMENT.assignment_no)
    )
    .where(_LINK.secret_hash == bindparam("secret_hash"))
    .order_by(_ASSIGNMENT.place)
)
_CLAIMED = (
    select(
        _ASSIGNMENT.assignment_no,
        _ASSIGNMENT.wave_id,
        _ASSIGNMENT.rater_id,
        _PARTICIPATION.state,
        _PARTICIPATION.link_no.label("holder"),
        schema.wave.c.state.label("wave_state"),
    )
    .select_from(_JOINED.join(schema.wave, schema.wave.c.wave_id == _ASSIGNMENT.wave_id))
    .where(_ASSIGNMENT.assignment_no.in_(bindparam("numbers", expanding=True)))
)
_HOLDERS = select(_PARTICIPATION.assignment_no, _PARTICIPATION.link_no, _PARTICIPATION.state).where(
    _PARTICIPATION.assignment_no.in_(bindparam("numbers", expanding=True))
)
_CLAIMING = select(_LINK.link_no, _LINK.wave_id, _LINK.person_id).where(
    _LINK.link_no.in_(bindparam("links", expanding=True)), _LINK.purpose == LinkPurpose.ANSWER.value
)
_HELD = and_(
    _PARTICIPATION.assignment_no == bindparam("claimed_no"), _PARTICIPATION.link_no == bindparam("by_link")
)
_CLAIM = (
    update(schema.participation)
    .where(
        _PARTICIPATION.assignment_no == bindparam("claimed_no"),
        or_(_PARTICIPATION.link_no.is_(None), _PARTICIPATION.link_no == bindparam("by_link")),
    )
    .values(state=ParticipationState.SUBMITTING.value, link_no=bindparam("by_link"))
)
_FINISH = update(schema.participation).where(_HELD).values(state=ParticipationState.DONE.value)
_RELEASE = (
    update(schema.participation)
    .where(_HELD, _PARTICIPATION.state == ParticipationState.SUBMITTING.value)
    .values(state=ParticipationState.INVITED.value, link_no=None)
)
_FORGET_LINKS = (
    update(schema.participation)
    .where(_PARTICIPATION.assignment_no.in_(select(_ASSIGNMENT.assignment_no).where(_OF_WAVE)))
    .values(link_no=None)
)
_DROP_LINKS = delete(schema.link).where(_LINK.wave_id == bindparam("of_wave"))
_COUNTS = (
    select(
        _ASSIGNMENT.subject_id,
        _ASSIGNMENT.reporting_group,
        func.count().label("invited"),
        func.count(case((_PARTICIPATION.state == ParticipationState.SUBMITTING.value, 1))).label(
            "submitting"
        ),
        func.count(case((_PARTICIPATION.state == ParticipationState.DONE.value, 1))).label("done"),
    )
    .select_from(_JOINED)
    .where(_OF_WAVE)
    .group_by(_ASSIGNMENT.subject_id, _ASSIGNMENT.reporting_group)
    .order_by(_ASSIGNMENT.subject_id, _ASSIGNMENT.reporting_group)
)
_RATERS = (
    select(
        _ASSIGNMENT.rater_id,
        func.count(case((_PARTICIPATION.state != ParticipationState.DONE.value, 1))).label("not_done"),
    )
    .select_from(_JOINED)
    .where(_OF_WAVE)
    .group_by(_ASSIGNMENT.rater_id)
    .order_by(_ASSIGNMENT.rater_id)
)
_RESPONDERS = (
    select(
        _ASSIGNMENT.subject_id,
        _ASSIGNMENT.rater_id,
        _ASSIGNMENT.relationship,
        _ASSIGNMENT.reporting_group,
    )
    .select_from(_JOINED)
    .where(_OF_WAVE, _PARTICIPATION.state == ParticipationState.DONE.value)
    .order_by(_ASSIGNMENT.subject_id, _ASSIGNMENT.rater_id)
)


def _link(row: Sequence[Any]) -> LinkView:
    link_no, wave_id, person_id, purpose, state, closes_on = row
    return LinkView(
        link_no=link_no,
        wave_id=wave_id,
        person_id=person_id,
        purpose=LinkPurpose(purpose),
        wave_state=WaveState.DRAFT if state is None else WaveState(state),
        closes_on=closes_on,
    )


def _task(row: Sequence[Any], link_no: int) -> Task:
    assignment_no, place, subject_id, relationship, group, state, holder = row
    return Task(
        assignment_no=assignment_no,
        place=place,
        subject_id=subject_id,
        relationship=Relationship(relationship),
        reporting_group=group,
        state=ParticipationState(state),
        is_mine=holder is None or holder == link_no,
    )


def _responder(row: Sequence[Any]) -> Responder:
    subject_id, rater_id, relationship, group = row
    return Responder(
        subject_id=subject_id,
        rater_id=rater_id,
        relationship=Relationship(relationship),
        reporting_group=group,
    )


def _parameters(claim: Claim) -> dict[str, int]:
    return {"claimed_no": claim.assignment_no, "by_link": claim.link_no}
