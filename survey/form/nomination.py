"""Lists of raters: the PM writes one below `/n/`, the lead settles it below `/a/`.

A GET changes nothing. What is sent changes one entry or moves a whole list on, and leads back to the
page. A search goes through everybody there is, so lists are read and drawn on threads of their own:
raters beside them do not wait.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.types import Receive

from survey.assignment import Nomination, Source
from survey.errors import WaveError
from survey.form import door
from survey.form import nomination_pages as pages
from survey.form.door import Clock, Door, Guest
from survey.form.nomination_ground import Ground, Grounds
from survey.form.nomination_pages import ListSheet
from survey.form.packed import Packed
from survey.form.reply import Reply, not_allowed, page, see_other
from survey.form.request import Asked, Fields, RefusedBodyError, is_foreign, read_fields
from survey.form.seal import Seal, make_seal, read_seal
from survey.participation import LinkPurpose
from survey.register import AuditEntry, Register
from survey.register_collection import Collections
from survey.relationship import Relationship
from survey.roster import Person

_NOT_TIMED = Seal(opened_ms=0, filled_count=0)
_LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A guest on the ground of a draft. `root` is the first piece of the path."""

    asked: Asked
    guest: Guest
    ground: Ground
    root: str

    @property
    def person_id(self) -> str:
        return self.guest.found.link.person_id

    @property
    def rest(self) -> tuple[str, ...]:
        return tuple(piece for piece in self.asked.pieces[2:] if piece)

    @property
    def language(self) -> str:
        """The language to keep in addresses: only one that was chosen."""
        spoken = self.guest.words.language
        return spoken if self.asked.wished_language == spoken else ""


class Nominating:
    """Answers every request below `/n/` and `/a/`."""

    def __init__(self, register: Register, entrance: Door, clock: Clock) -> None:
        self._collections = Collections(register.store)
        self._grounds = Grounds(register, clock.steady, clock.today)
        self._door = entrance

    async def nominate(self, asked: Asked, receive: Receive) -> Reply:
        """Returns what to answer to a PM who writes their list."""
        visit = await self._enter(asked, LinkPurpose.NOMINATE)
        if isinstance(visit, Reply):
            return visit
        subject = visit.ground.people.get(visit.person_id)
        if subject is None or not subject.is_pm or visit.rest:
            return door.gone(asked)
        return await self._at_list(visit, subject, "", receive)

    async def approve(self, asked: Asked, receive: Receive) -> Reply:
        """Returns what to answer to a lead who settles the lists of their PMs."""
        visit = await self._enter(asked, LinkPurpose.APPROVE)
        if isinstance(visit, Reply):
            return visit
        led = visit.ground.led_by(visit.person_id)
        if not led or len(visit.rest) > 1:
            return door.gone(asked)
        if not visit.rest:
            return await asyncio.to_thread(self._lists, visit, led)
        subject = next((one for place, one in enumerate(led, 1) if str(place) == visit.rest[0]), None)
        if subject is None:
            return door.gone(asked)
        return await self._at_list(visit, subject, f"/{visit.rest[0]}", receive)

    async def _enter(self, asked: Asked, purpose: LinkPurpose) -> _Visit | Reply:
        guest = self._door.enter(asked, purpose)
        if isinstance(guest, Reply):
            return guest
        ground = await asyncio.to_thread(self._grounds.find, guest.found.link.wave_id)
        if ground is None:
            return _page(asked, pages.settled_page(guest.words))
        return _Visit(asked=asked, guest=guest, ground=ground, root=asked.pieces[0])

    def _sheet(self, visit: _Visit, subject: Person, place: str) -> ListSheet:
        by = Source.LEAD if place else Source.PM
        return ListSheet(
            words=visit.guest.words,
            ground=visit.ground,
            list=self._grounds.list_of(visit.ground, subject, by),
            query=visit.asked.query.get("q", "")[:_LONGEST_QUERY],
            said=visit.asked.query.get("said", ""),
            language=visit.language,
            path=f"/{visit.root}/{visit.guest.secret}{place}",
            up=f"/{visit.root}/{visit.guest.secret}" if place else "",
            seal=make_seal(_key(visit), visit.guest.secret, subject.person_id, _NOT_TIMED),
        )

    def _lists(self, visit: _Visit, led: Sequence[Person]) -> Reply:
        if visit.asked.method != "GET":
            return not_allowed("GET")
        sheets = [self._sheet(visit, one, f"/{place}") for place, one in enumerate(led, 1)]
        return _page(visit.asked, pages.lists_page(sheets))

    async def _at_list(self, visit: _Visit, subject: Person, place: str, receive: Receive) -> Reply:
        if visit.asked.method == "GET":
            return await asyncio.to_thread(
                lambda: _page(visit.asked, pages.list_page(self._sheet(visit, subject, place)))
            )
        try:
            fields = await read_fields(visit.asked, receive)
        except RefusedBodyError as refusal:
            return door.refused(visit.asked, refusal.status)
        if is_foreign(visit.asked) or not _is_sealed(visit, subject, fields):
            return door.refused(visit.asked, 403)
        return await asyncio.to_thread(lambda: self._take(visit, self._sheet(visit, subject, place), fields))

    def _take(self, visit: _Visit, sheet: ListSheet, fields: Fields) -> Reply:
        changes, said = change(sheet, fields)
        try:
            self._keep(visit, sheet, changes, fields.get("do", ""))
        except WaveError:
            return _page(visit.asked, pages.settled_page(visit.guest.words))
        return see_other(pages.address(sheet, query=fields.get("q", "")[:_LONGEST_QUERY], said=said))

    def _keep(self, visit: _Visit, sheet: ListSheet, changes: Sequence[Nomination], action: str) -> None:
        """Single entries are no matter for the audit; handing in and approving are."""
        if not changes:
            return
        entry = None
        if action in {"hand_in", "approve"}:
            entry = AuditEntry(
                done_at=datetime.now(UTC),
                done_by=visit.person_id,
                action=f"wave.list.{action}",
                target=sheet.ground.collection.wave_id,
                detail=f"{len(changes)} nominations about {sheet.list.subject.person_id}",
            )
        self._collections.put_nominations(sheet.ground.collection.wave_id, changes, entry=entry)


def change(sheet: ListSheet, fields: Fields) -> tuple[tuple[Nomination, ...], str]:
    """Returns what a sent form changes, and what to say about it: the end of a text's key."""
    rater_id = fields.get("rater", "")
    match fields.get("do", ""):
        case "add":
            relationship = _relationship(fields.get("relationship", ""))
            refusal = sheet.list.check(rater_id, relationship)
            if refusal is not None or relationship is None:
                return (), f"refused_{refusal}"
            return (sheet.list.add(rater_id, relationship),), "added"
        case "remove":
            changes = sheet.list.remove(rater_id)
            return changes, "removed" if changes else "kept"
        case "hand_in" if sheet.is_pm and sheet.may_hand_in:
            return sheet.list.hand_in(), "handed_in"
        case "approve" if not sheet.is_pm:
            return sheet.list.approve(), "approved"
        case _:
            return (), "nothing"


def _relationship(text: str) -> Relationship | None:
    return Relationship(text) if text in set(Relationship) else None


def _is_sealed(visit: _Visit, subject: Person, fields: Fields) -> bool:
    seal = read_seal(_key(visit), visit.guest.secret, subject.person_id, fields.get("seal", ""))
    return seal is not None


def _key(visit: _Visit) -> bytes:
    return visit.guest.found.keys.participation


def _page(asked: Asked, piece: Packed) -> Reply:
    return page((piece,), takes_gzip=asked.takes_gzip)
