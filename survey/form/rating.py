"""A rater's way: the list, the form, looking over, sending, changing, withdrawing.

A GET changes nothing. What is sent is acknowledged once it is on disk, by the way to the receipt.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from starlette.types import Receive

from survey.answers import StoredResponse
from survey.errors import StoreError
from survey.form import door
from survey.form import rating_pages as pages
from survey.form.careless import is_fast, is_straight
from survey.form.door import Clock, Door, Guest
from survey.form.entry import read_entry, write_entry
from survey.form.order import order_no
from survey.form.packed import Packed
from survey.form.rating_pages import Notice, Pieces, Sheet
from survey.form.reply import Reply, bare, not_allowed, page, see_other
from survey.form.request import Asked, Fields, RefusedBodyError, is_foreign, read_fields
from survey.form.seal import Seal, make_seal, read_seal
from survey.form.trying import Trials
from survey.form.waves import OpenWave, Waves
from survey.form.writer import Draft, FullError, Submission, Withdrawal, Work, Writer, Written
from survey.participation import LinkPurpose, ParticipationState
from survey.register_participation import Claim, Task
from survey.response import Response, parse_response, render_response
from survey.secret import draft_key, open_draft, response_key, seal_draft

_PAGES = ("", "thanks", "withdraw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A guest with all tasks laid out, and what was asked for."""

    asked: Asked
    guest: Guest
    wave: OpenWave
    sheets: tuple[Sheet, ...]
    is_try: bool

    def sheet(self, place: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if str(sheet.task.place) == place), None)


Layout: TypeAlias = Callable[[Guest], tuple[OpenWave, tuple[Task, ...]] | None]
"""Finds the wave of a guest and what the guest is asked in it."""


class Rating:
    """Answers every request below `/f/`, and below `/t/` for those who only try."""

    def __init__(self, waves: Waves, writer: Writer, entrance: Door, clock: Clock) -> None:
        self._waves = waves
        self._writer = writer
        self._door = entrance
        self._clock = clock
        self._pieces = Pieces()
        self._trials = Trials(waves, clock.steady)

    async def answer(self, asked: Asked, receive: Receive) -> Reply:
        """Returns what to answer to a rater."""
        return await self._enter(asked, receive, LinkPurpose.ANSWER, self._asked)

    async def try_out(self, asked: Asked, receive: Receive) -> Reply:
        """Returns what to answer to somebody who tries the form; nothing is kept."""
        return await self._enter(asked, receive, LinkPurpose.TRY, self._trials.lay_out)

    async def _enter(self, asked: Asked, receive: Receive, purpose: LinkPurpose, layout: Layout) -> Reply:
        guest = self._door.enter(asked, purpose)
        if isinstance(guest, Reply):
            return guest
        laid_out = layout(guest)
        if laid_out is None:
            return door.gone(asked)
        wave, tasks = laid_out
        is_try = purpose is LinkPurpose.TRY
        desk = Desk(
            asked=asked, guest=guest, wave=wave, sheets=_sheets(asked, guest, wave, tasks), is_try=is_try
        )
        return await self._at(desk, receive)

    def _asked(self, guest: Guest) -> tuple[OpenWave, tuple[Task, ...]] | None:
        wave = self._waves.open_wave(guest.found.link.wave_id)
        return (wave, guest.found.tasks) if wave and guest.found.tasks else None

    async def _at(self, desk: Desk, receive: Receive) -> Reply:
        asked = desk.asked
        place, what, *more = (*(piece for piece in asked.pieces[2:] if piece), "", "")
        if not place and len(desk.sheets) > 1:
            return self._list(desk) if asked.method == "GET" else not_allowed("GET")
        sheet = desk.sheet(place) if place else desk.sheets[0]
        if sheet is None or what not in _PAGES or any(more):
            return door.gone(asked)
        if asked.method == "GET":
            return self._get(desk, sheet, what)
        return not_allowed("GET") if what else await self._post(desk, sheet, receive)

    # what is shown

    def _list(self, desk: Desk) -> Reply:
        notice = ""
        if "saved" in desk.asked.query:
            words = desk.guest.words
            notice = words.say("saved", day=words.day(desk.wave.collection.closes_on))
        return self._page(
            desk, pages.list_page(desk.sheets, lambda sheet: bool(self._draft(desk, sheet)), notice)
        )

    def _get(self, desk: Desk, sheet: Sheet, what: str) -> Reply:
        if not sheet.task.is_mine:
            return self._page(desk, pages.elsewhere_page(sheet))
        is_done = sheet.task.state is ParticipationState.DONE
        if what and not is_done and not (desk.is_try and what == "thanks"):
            return see_other(f"{sheet.path}{sheet.query}")
        if what == "thanks":
            return self._page(desk, pages.thanks_page(sheet, self._shared(desk), _left(desk)))
        if what == "withdraw":
            return self._page(desk, pages.withdraw_page(sheet, self._seal(desk, sheet, None)))
        draft = self._draft(desk, sheet)
        stored = self._stored(desk, sheet) if is_done else None
        return self._form(desk, sheet, draft or stored, _notice(desk, sheet, draft, is_done=is_done))

    def _form(self, desk: Desk, sheet: Sheet, response: Response | None, notice: Notice | None) -> Reply:
        seal = self._seal(desk, sheet, response)
        return self._page(desk, pages.form_page(sheet, self._shared(desk), seal, response, notice))

    def _review(self, desk: Desk, sheet: Sheet, response: Response) -> Reply:
        questionnaire = desk.wave.questionnaire
        fields = tuple(write_entry(response, questionnaire.items, questionnaire.instrument))
        seal = make_seal(
            desk.wave.page_key, desk.guest.secret, sheet.task.subject_id, Seal(opened_ms=0, filled_count=0)
        )
        return self._page(desk, pages.review_page(sheet, seal, response, fields))

    def _shared(self, desk: Desk) -> Pieces:
        """What is made up for a try is never kept for others."""
        return Pieces() if desk.is_try else self._pieces

    def _page(self, desk: Desk, pieces: tuple[Packed, ...]) -> Reply:
        return page(pieces, takes_gzip=desk.asked.takes_gzip)

    # what is sent

    async def _post(self, desk: Desk, sheet: Sheet, receive: Receive) -> Reply:
        try:
            fields = await read_fields(desk.asked, receive)
        except RefusedBodyError as refusal:
            return door.refused(desk.asked, refusal.status)
        if is_foreign(desk.asked):
            return door.refused(desk.asked, 403)
        if not sheet.task.is_mine:
            return self._page(desk, pages.elsewhere_page(sheet))
        try:
            return await self._do(desk, sheet, fields)
        except (FullError, StoreError):
            return door.busy(desk.asked)

    async def _do(self, desk: Desk, sheet: Sheet, fields: Fields) -> Reply:
        questionnaire = desk.wave.questionnaire
        response = read_entry(
            fields, questionnaire.items, questionnaire.instrument, desk.guest.found.link.person_id
        )
        seal = read_seal(desk.wave.page_key, desk.guest.secret, sheet.task.subject_id, fields.get("seal", ""))
        if seal is None:
            words = sheet.words
            return self._form(desk, sheet, response, Notice(text=words.say("form_reopened")))

        def review() -> Reply:
            return self._review(desk, sheet, response)

        match fields.get("do", ""):
            case "send":
                reply = self._send(desk, sheet, fields, response, seal)
            case "withdraw":
                reply = self._withdraw(desk, sheet)
            case "save":
                reply = self._kept(desk, sheet, response, lambda: _after_save(sheet))
            case "draft":
                reply = self._kept(desk, sheet, response, lambda: bare(204))
            case "change":
                return self._form(desk, sheet, response, None)
            case _:
                reply = self._kept(desk, sheet, response, review)
        return await reply

    async def _send(self, desk: Desk, sheet: Sheet, fields: Fields, response: Response, seal: Seal) -> Reply:
        questionnaire = desk.wave.questionnaire
        rated = len(response.ratings) + len(response.not_observed)
        if response.is_empty or (rated < len(questionnaire.items) and "reviewed" not in fields):
            return await self._kept(desk, sheet, response, lambda: self._review(desk, sheet, response))
        secret, subject_id, keys = desk.guest.secret, sheet.task.subject_id, desk.wave.keys
        order = tuple(one.item for one in questionnaire.order(sheet.number))
        work = partial(
            Submission,
            claim=_claim(desk, sheet),
            response=StoredResponse(
                response_key=response_key(keys, secret, subject_id),
                subject_id=subject_id,
                reporting_group=sheet.task.reporting_group,
                content=render_response(response, questionnaire.instrument),
                is_straight=is_straight(response, order),
                is_fast=is_fast(response, seal, self._clock.now_ms()),
            ),
            draft_key=draft_key(keys, secret, subject_id),
        )
        return await self._write(desk, sheet, work, lambda: self._received(desk, sheet))

    async def _withdraw(self, desk: Desk, sheet: Sheet) -> Reply:
        secret, subject_id, keys = desk.guest.secret, sheet.task.subject_id, desk.wave.keys
        work = partial(
            Withdrawal,
            claim=_claim(desk, sheet),
            response_key=response_key(keys, secret, subject_id),
            draft_key=draft_key(keys, secret, subject_id),
        )
        return await self._write(desk, sheet, work, lambda: self._taken_back(desk, sheet))

    def _received(self, desk: Desk, sheet: Sheet) -> Reply:
        self._note(desk, sheet, ParticipationState.DONE)
        return see_other(f"{sheet.path}/thanks{sheet.query}")

    def _taken_back(self, desk: Desk, sheet: Sheet) -> Reply:
        self._note(desk, sheet, ParticipationState.INVITED)
        return see_other(_with(sheet, "withdrawn=1"))

    def _note(self, desk: Desk, sheet: Sheet, state: ParticipationState) -> None:
        """The next page comes at once and need not ask the register what has just been written to it."""
        if not desk.is_try:
            found, place = desk.guest.found, sheet.task.place
            tasks = tuple(replace(task, state=state) if task.place == place else task for task in found.tasks)
            self._waves.note(desk.guest.secret, replace(found, tasks=tasks), self._clock.steady())

    async def _kept(self, desk: Desk, sheet: Sheet, response: Response, then: Callable[[], Reply]) -> Reply:
        """Keeps a draft, encrypted under the secret, then goes on."""
        secret, subject_id = desk.guest.secret, sheet.task.subject_id
        plain = render_response(response, desk.wave.questionnaire.instrument).encode()
        work = partial(
            Draft,
            draft_key=draft_key(desk.wave.keys, secret, subject_id),
            sealed=seal_draft(secret, subject_id, plain),
        )
        return await self._write(desk, sheet, work, then)

    async def _write(
        self, desk: Desk, sheet: Sheet, work: Callable[..., Work], then: Callable[[], Reply]
    ) -> Reply:
        """A wave that closed while the body came in is not written to any more; a try never is."""
        answers = desk.wave.answers
        if answers is None:
            return then()
        if self._waves.open_wave(desk.wave.wave_id) is not desk.wave:
            return door.gone(desk.asked)
        match await self._writer.write(work(answers=answers)):
            case Written.KEPT:
                return then()
            case Written.OTHER_LINK:
                return self._page(desk, pages.elsewhere_page(sheet))
            case Written.CLOSED:
                return door.gone(desk.asked)

    # what was there before

    def _draft(self, desk: Desk, sheet: Sheet) -> Response | None:
        secret, subject_id = desk.guest.secret, sheet.task.subject_id
        answers = desk.wave.answers
        sealed = answers.get_draft(draft_key(desk.wave.keys, secret, subject_id)) if answers else None
        plain = open_draft(secret, subject_id, sealed) if sealed else None
        response = parse_response(plain.decode()) if plain else None
        return None if response is None or response.is_empty else response

    def _stored(self, desk: Desk, sheet: Sheet) -> Response | None:
        key = response_key(desk.wave.keys, desk.guest.secret, sheet.task.subject_id)
        stored = desk.wave.answers.get(key) if desk.wave.answers else None
        return parse_response(stored.content) if stored else None

    def _seal(self, desk: Desk, sheet: Sheet, response: Response | None) -> str:
        filled = len(response.ratings) + len(response.not_observed) if response else 0
        seal = Seal(opened_ms=self._clock.now_ms(), filled_count=filled)
        return make_seal(desk.wave.page_key, desk.guest.secret, sheet.task.subject_id, seal)


def _sheets(asked: Asked, guest: Guest, wave: OpenWave, tasks: tuple[Task, ...]) -> tuple[Sheet, ...]:
    query = f"?lang={guest.words.language}" if asked.wished_language == guest.words.language else ""
    return tuple(
        Sheet(
            wave=wave,
            task=task,
            words=guest.words,
            number=order_no(guest.secret),
            list_count=len(tasks),
            is_try=wave.answers is None,
            query=query,
            path=f"/{asked.pieces[0]}/{guest.secret}/{task.place}",
        )
        for task in tasks
    )


def _claim(desk: Desk, sheet: Sheet) -> Claim:
    return Claim(assignment_no=sheet.task.assignment_no, link_no=desk.guest.found.link.link_no)


def _left(desk: Desk) -> int:
    done = ParticipationState.DONE
    return sum(sheet.task.is_mine and sheet.task.state is not done for sheet in desk.sheets)


def _with(sheet: Sheet, said: str) -> str:
    return f"{sheet.path}{sheet.query}{'&' if sheet.query else '?'}{said}"


def _after_save(sheet: Sheet) -> Reply:
    return see_other(_with(sheet, "saved=1"))


def _notice(desk: Desk, sheet: Sheet, draft: Response | None, *, is_done: bool) -> Notice | None:
    words = sheet.words
    day = words.day(desk.wave.collection.closes_on)
    if "saved" in desk.asked.query and draft:
        return Notice(text=words.say("saved", day=day), is_sent=is_done)
    if is_done:
        more = words.say("not_sent_changes") if draft else ""
        return Notice(text=words.say("sent_before", day=day), more=more, is_sent=True)
    if "withdrawn" in desk.asked.query:
        return Notice(text=words.say("withdrawn", day=day))
    return Notice(text=words.say("resumed")) if draft else None
