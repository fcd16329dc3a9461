"""Jobs about people: who works with whom, lists approved by HR, and the roster."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pipeline.tasks.files import inbox_file
from pipeline.tasks.task import Task
from survey.assigning import list_of_file, list_of_wave, look_at_list, proposed_in, put_list
from survey.planning import find_draft
from survey.register import AuditEntry, open_register
from survey.register_collection import Collections
from survey.roster_difference import compare_rosters
from survey.roster_file import read_roster


def assign(task: Task) -> Mapping[str, Any]:
    """Puts a list of who works with whom into a draft, or says what it would do."""
    with open_register(task.settings.register_address) as register:
        draft = find_draft(register, task.wave_id)
        if task.text("file"):
            path = inbox_file(task.settings, task.text("file"))
            listed = list_of_file(register, draft, path, task.today)
        else:
            listed = list_of_wave(register, draft, task.text("from_wave"), task.today)
        found = look_at_list(task.settings, register, draft, listed, task.today)
        if not task.flag("is_trial"):
            detail = f"{len(found.nominations)} nominations about {len(found.subject_ids)} PMs"
            put_list(register, draft, found, _entry(task, "wave.assign", detail))
    return {
        "nomination_count": len(found.nominations),
        "subject_count": len(found.subject_ids),
        "rater_count": len(found.rater_ids),
        "assignment_count": len(found.plan.assignments),
        "dropped": dict(Counter(one.reason.value for one in found.plan.dropped)),
        "small": [asdict(one) for one in found.plan.small],
    }


def approve(task: Task) -> Mapping[str, Any]:
    """Approves every list that was handed in, in the place of the leads."""
    with open_register(task.settings.register_address) as register:
        draft = find_draft(register, task.wave_id)
        waiting = proposed_in(register, draft)
        entry = _entry(task, "wave.approve", f"{len(waiting)} nominations")
        Collections(register.store).put_nominations(draft.wave_id, waiting, entry=entry)
    return {"nomination_count": len(waiting)}


def import_roster(task: Task) -> Mapping[str, Any]:
    """Puts an uploaded roster in the place of the one there is, or says what it would change."""
    arriving = read_roster(inbox_file(task.settings, task.text("file")))
    with open_register(task.settings.register_address) as register:
        difference = compare_rosters(register.roster(), arriving, task.today)
        if not (task.flag("is_trial") or difference.is_empty):
            detail = f"{difference.gained_count} records gained, {difference.lost_count} lost"
            register.replace_roster(arriving, entry=_entry(task, "roster.import", detail, target="roster"))
    said = asdict(difference) | {"day": difference.day.isoformat(), "edits": list(difference.edits)}
    return {"record_count": len(arriving.people), **said}


def _entry(task: Task, action: str, detail: str, *, target: str = "") -> AuditEntry:
    return AuditEntry(
        done_at=task.now(),
        done_by=task.job.asked_by,
        action=action,
        target=target or task.wave_id,
        detail=detail,
    )
