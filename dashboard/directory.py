"""Who is who today, from the register: sessions to viewers, shares, and who looked at whom.

One per process. Nothing about a person is kept longer than the roster it came from, so that a session
revoked, a share taken back or somebody who left counts from the next question on.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from threading import Lock

from dashboard.access import Role, Viewer, may_promise
from dashboard.access_policy import AccessPolicy, read_access_policy
from dashboard.organisation import Organisation
from dashboard.oversight import Oversight, oversee
from survey.audit import LOOK, AuditEntry, AuditLine
from survey.config import Settings
from survey.errors import ConfigError
from survey.expectation import Expectations, read_expectations
from survey.register import Register, open_register
from survey.register_closing import Closing, Closings
from survey.register_languages import ChosenLanguages
from survey.register_plans import Plan, Plans
from survey.register_promises import NewPromise, Outcome, Promise, Promises
from survey.register_sessions import Session, Sessions
from survey.register_shares import Share, Shares
from survey.register_sign_in import SignIn
from survey.roster import Person

POLICY_ACTION = "access.policy"
_MOST_LOOKS = 50_000


def utc_now() -> datetime:
    """Returns what time it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A PM's direct lead, and what that lead may open: by the PM's share, or by the policy."""

    person_id: str
    name: str
    share: Share | None
    results_from: date | None


class Directory:
    """Answers who somebody is and what they may open, from an open register."""

    def __init__(
        self,
        register: Register,
        policy: AccessPolicy,
        now: Callable[[], datetime] = utc_now,
        expectations: Expectations | None = None,
    ) -> None:
        self.register = register
        self.policy = policy
        self.now = now
        self.expectations = expectations or Expectations()
        self.sessions = Sessions(register.store)
        self.sign_in = SignIn(register.store)
        self.shares = Shares(register.store)
        self.plans = Plans(register.store)
        self.promises = Promises(register.store)
        self.closings = Closings(register.store)
        self.languages = ChosenLanguages(register.store)
        self._lock = Lock()
        self._organisation: tuple[object, Organisation] | None = None
        self._looks: set[tuple[str, str, str, int]] = set()

    def organisation(self) -> Organisation:
        """Returns the roster of today; read again when it was replaced, and on a new day."""
        today = self.now().date()
        mark = (today, self.register.roster_mark())
        with self._lock:
            if self._organisation is None or self._organisation[0] != mark:
                self._organisation = (mark, Organisation(self.register.roster_of(today)))
            return self._organisation[1]

    def session(self, session_id: str) -> Session | None:
        """Returns a session that holds now."""
        return self.sessions.get(session_id, self.now()) if session_id else None

    def viewer(self, session_id: str) -> Viewer | None:
        """Returns who looks in a session, as of today; None if it is over or the person has left."""
        session = self.session(session_id)
        return None if session is None else self.viewer_of(session.person_id, session_id)

    def viewer_of(self, person_id: str, session_id: str = "") -> Viewer | None:
        """Returns a person as a viewer, with all roles they have today; None if they are not there."""
        organisation = self.organisation()
        person = organisation.person(person_id)
        if person is None:
            return None
        units = tuple(sorted({*organisation.led_units(person_id), *self.policy.units_led_by(person_id)}))
        reports = organisation.direct_pms(person_id)
        shared = self._shared_with(person_id, organisation)
        return Viewer(
            name=person.name,
            roles=self._roles(person, is_lead=bool(units or reports or shared)),
            person_id=person_id,
            unit_ids=units,
            shared_ids=shared,
            report_ids=reports,
            results_from=self.policy.leads_see_results_from,
            session_id=session_id,
        )

    def lead_of(self, person_id: str) -> Lead | None:
        """Returns a PM's direct lead with what that lead may open, or None if there is none today."""
        lead = self.organisation().lead_of(person_id)
        if lead is None:
            return None
        held = [one for one in self.shares.of_subject(person_id) if one.viewer_id == lead.person_id]
        return Lead(
            person_id=lead.person_id,
            name=lead.name,
            share=held[0] if held else None,
            results_from=self.policy.leads_see_results_from,
        )

    def share_with_lead(self, person_id: str) -> None:
        """Lets a PM's direct lead open the PM's results."""
        lead = self.organisation().lead_of(person_id)
        if lead is not None:
            self.shares.share(person_id, lead.person_id, self.now())

    def take_back(self, person_id: str, viewer_id: str) -> None:
        """Ends what a PM shared with somebody, their plan with it."""
        self.shares.take_back(person_id, viewer_id, self.now())
        self.plans.show_to(person_id, "", self.now())

    def make_plan(self, person_id: str, *, wave_id: str, item_id: str, words: str) -> None:
        """Keeps what a PM plans; the one before is gone."""
        made = Plan(wave_id=wave_id, item_id=item_id, words=words, made_at=self.now())
        self.plans.make(person_id, made)

    def drop_plan(self, person_id: str) -> None:
        """Deletes what a PM plans."""
        self.plans.drop(person_id)

    def show_plan(self, person_id: str, *, is_shown: bool) -> None:
        """Shows a PM's plan to the lead they share their results with, or to nobody any more."""
        lead = self.lead_of(person_id)
        is_open = is_shown and lead is not None and lead.share is not None
        self.plans.show_to(person_id, lead.person_id if is_open and lead is not None else "", self.now())

    def plan_of(self, viewer: Viewer, person_id: str) -> Plan | None:
        """Returns a PM's plan to that PM, and to whom they show it as long as they share their results."""
        plan = self.plans.find(person_id) if person_id else None
        if plan is None or viewer.person_id == person_id:
            return plan
        if plan.shown_to != viewer.person_id or person_id not in viewer.shared_ids:
            return None
        self.note_look(viewer, person_id)
        return plan

    def promises_of(self, viewer: Viewer, unit_id: str) -> tuple[Promise, ...]:
        """Returns what was promised to a unit, to who answers for it; the oldest first."""
        return self.promises.of_unit(unit_id) if self._may_promise(viewer, unit_id) else ()

    def add_promise(self, viewer: Viewer, made: NewPromise) -> bool:
        """Keeps what a viewer promises to a unit; False if they may not, or it says nothing new."""
        may = self._may_promise(viewer, made.unit_id)
        return may and self.promises.add(made, viewer.person_id, self.now())

    def close_promise(self, viewer: Viewer, promise_no: int, outcome: Outcome) -> bool:
        """Ends a promise; False if the viewer may not, or it is over already."""
        found = self.promises.find(promise_no)
        may = found is not None and self._may_promise(viewer, found.unit_id)
        return may and self.promises.close(promise_no, outcome, viewer.person_id, self.now())

    def closing_of(self, wave_id: str) -> Closing | None:
        """Returns how many were asked in a wave and answered; None where another tool asked."""
        return self.closings.find(wave_id)

    def name_of(self, person_id: str) -> str:
        """Returns a person's name today, or the id of who has left."""
        person = self.organisation().person(person_id)
        return person_id if person is None else person.name

    def _may_promise(self, viewer: Viewer, unit_id: str) -> bool:
        """As of this moment: the session may be over and the unit another's since the page was drawn."""
        current = self.viewer(viewer.session_id) if viewer.session_id else viewer
        return current is not None and may_promise(current, unit_id)

    def note_look(self, viewer: Viewer, subject_id: str) -> None:
        """Writes down that a viewer opened somebody's results, once an hour for each session."""
        now = self.now()
        look = (viewer.person_id, viewer.session_id, subject_id, int(now.timestamp()) // 3600)
        with self._lock:
            if look in self._looks:
                return
        entry = AuditEntry(
            done_at=now,
            done_by=viewer.person_id,
            action=LOOK,
            target=subject_id,
            detail=f"session {viewer.session_id}" if viewer.session_id else "demo",
        )
        self.register.record(entry)
        with self._lock:
            self._looks = {look} if len(self._looks) >= _MOST_LOOKS else self._looks | {look}

    def entries_about(self, person_id: str) -> tuple[AuditLine, ...]:
        """Returns what was written down about a person, the latest first."""
        return self.register.audit_about(person_id)

    def oversight(self, viewer: Viewer) -> Oversight | None:
        """Returns the whole audit without names, and whether it holds; for the council alone."""
        if Role.COUNCIL not in viewer.roles:
            return None
        lines, breaks = self.register.audit_lines(), self.register.audit_breaks()
        return oversee(lines, breaks, self.organisation(), self.policy)

    def take_policy(self) -> None:
        """Writes the policy down where it changed; one that loosens what was promised is refused.

        Raises:
            ConfigError: leads would open results of a wave that is open or closed already.
        """
        said = _describe(self.policy)
        last = self.register.last_entry(POLICY_ACTION)
        if last is not None and last.detail == said:
            return
        self._check_not_loosened("" if last is None else last.detail)
        self.register.record(
            AuditEntry(
                done_at=self.now(), done_by="serve", action=POLICY_ACTION, target="access", detail=said
            )
        )

    def _check_not_loosened(self, earlier: str) -> None:
        """A wave's promise is made on the day it opens; another wave's may be another."""
        since = self.policy.leads_see_results_from
        was = earlier.partition("results from ")[2].partition(";")[0]
        before = date.fromisoformat(was) if was else date.max
        if since is None:
            return
        opened = [wave for wave in self.register.waves() if since <= wave.roster_date < before]
        if opened:
            raise ConfigError(
                "access-loosened",
                "leads would see results of a wave that opened under another promise",
                where="access.toml",
                hint=f"let leads_see_results_from be later than {max(wave.roster_date for wave in opened)}",
            )

    def _roles(self, person: Person, *, is_lead: bool) -> frozenset[Role]:
        has = {
            Role.PM: person.is_pm,
            Role.LEAD: is_lead,
            Role.HR: person.person_id in self.policy.hr,
            Role.EXECUTIVE: person.person_id in self.policy.executive,
            Role.COUNCIL: person.person_id in self.policy.council,
        }
        return frozenset(role for role, is_so in has.items() if is_so)

    def _shared_with(self, person_id: str, organisation: Organisation) -> frozenset[str]:
        """A share ends by itself when the viewer is not above the PM any more."""
        return frozenset(
            one.subject_id
            for one in self.shares.with_viewer(person_id)
            if person_id in organisation.above(one.subject_id)
        )


def _describe(policy: AccessPolicy) -> str:
    since = policy.leads_see_results_from
    parts = [f"{name}: {', '.join(sorted(getattr(policy, name)))}" for name in ("hr", "executive", "council")]
    parts += [f"lead of {unit}: {', '.join(sorted(people))}" for unit, people in sorted(policy.leads.items())]
    return f"results from {since or ''}; " + "; ".join(parts)


@cache
def open_directory(settings: Settings) -> Directory:
    """Returns the directory of this process, opened once and kept until the process ends.

    Raises:
        ConfigError: the file of roles or of expectations says something that is not understood.
        StoreError: the register cannot be opened.
    """
    policy = read_access_policy(settings.access_path)
    register = ExitStack().enter_context(open_register(settings.register_address))
    return Directory(register, policy, expectations=read_expectations(settings.expectations_path))
