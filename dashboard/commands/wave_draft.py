"""What commands about a planned wave share: telling what keeps people from being asked."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dashboard.terminal import counted, say, show_table

if TYPE_CHECKING:
    from survey.assignment import AssignmentPlan
    from survey.collection import Collection
    from survey.config import Settings
    from survey.instrument import Instrument
    from survey.register import AuditEntry, Register

_IDS_NAMED = 12


def audit_entry(action: str, target: str, detail: str = "") -> "AuditEntry":
    """Returns what is written down about a command, as of now; `detail` holds counts, never a name."""
    from survey.register import AuditEntry  # noqa: PLC0415

    return AuditEntry(done_at=datetime.now(UTC), done_by="cli", action=action, target=target, detail=detail)


def next_of_draft(settings: "Settings", draft: "Collection") -> str:
    """Returns what to do next about a draft: say who is asked, and once somebody is proposed, look ahead."""
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy
    from survey.register_collection import Collections  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        if Collections(register.store).nominations(draft.wave_id):
            return f"pmhealth wave preview {draft.wave_id}"
    return f"pmhealth wave assign {draft.wave_id} FILE --dry-run"


def say_dropped(plan: "AssignmentPlan") -> None:
    """Says how many are left out, and why."""
    from survey.assignment import DROP_REASONS  # noqa: PLC0415

    if not plan.dropped:
        return
    counts = Counter(one.reason for one in plan.dropped)
    rows = [(count, DROP_REASONS[reason]) for reason, count in counts.most_common()]
    show_table(("left out", "because"), rows, numeric=("left out",))


def say_small(plan: "AssignmentPlan", instrument: "Instrument") -> None:
    """Names whom it is about with fewer others than are likely to be enough."""
    from survey.assignment import ENOUGH_OTHERS  # noqa: PLC0415

    if plan.small:
        who = counted(len(plan.small), *subject_words(instrument))
        few = [f"{one.subject_id} ({one.other_count})" for one in plan.small]
        say(f"Fewer than {ENOUGH_OTHERS} others are asked about {who}: {shortened(few)}")


def say_unapproved(register: "Register", draft: "Collection") -> None:
    """Says how many proposed raters would not be asked, since nobody approved them."""
    from survey.assignment import NominationState  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    waiting = [
        one
        for one in Collections(register.store).nominations(draft.wave_id)
        if one.state in {NominationState.LISTED, NominationState.PROPOSED}
    ]
    if waiting:
        lists = counted(len({one.subject_id for one in waiting}), "list")
        say(
            f"{counted(len(waiting), 'nomination')} in {lists} not approved, so not asked; "
            f"see: pmhealth wave nominations {draft.wave_id}"
        )


def subject_words(instrument: "Instrument") -> tuple[str, str]:
    """Returns what the instrument is about, as one and as many."""
    from survey.instrument import SubjectKind  # noqa: PLC0415

    return ("unit", "units") if instrument.subject_kind is SubjectKind.UNIT else ("PM", "PMs")


def shortened(names: Sequence[str]) -> str:
    """Returns the first of many ids, and how many more there are."""
    more = len(names) - _IDS_NAMED
    return ", ".join(names[:_IDS_NAMED]) + (f" and {more} more" if more > 0 else "")
