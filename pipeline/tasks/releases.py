"""Jobs about what is shown: publish, prove, withdraw, hold a comment back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pipeline import run
from pipeline.holding import Asking, hold_comment, list_passed, release_comment
from pipeline.prove import prove_release
from pipeline.publishing.manifest import ReleaseManifest
from pipeline.release import utc_today
from pipeline.tasks.task import Task
from survey.enclosure import write_enclosure
from survey.register import Register, open_register
from survey.register_jobs import Jobs


def publish(task: Task) -> Mapping[str, Any]:
    """Makes a release with the wave; publishing it again changes nothing."""
    manifest = run.publish_wave(task.settings, task.wave_id, progress=task.say, today=utc_today())
    held = manifest.wave(task.wave_id)
    with open_register(task.settings.register_address) as register:
        unit_date = register.wave(task.wave_id).unit_date
        _have_attacked(task, register, manifest)
    return {
        "release_no": manifest.release_no,
        "subject_count": held.subject_count,
        "released_count": held.released_count,
        "suppressed_count": held.suppressed_count,
        "unit_date": None if unit_date is None else unit_date.isoformat(),
    }


def prove(task: Task) -> Mapping[str, Any]:
    """Attacks a release, or the current one, and keeps the report beside it."""
    found = prove_release(task.settings, task.number("release_no"), progress=task.say)
    return {
        "release_no": found.release_no,
        "is_held": found.is_held,
        "shown_count": found.shown_count,
        "hidden_count": found.hidden_count,
        "attacks": [asdict(attack) for attack in found.attacks],
    }


def withdraw(task: Task) -> Mapping[str, Any]:
    """Takes a published wave out of the next release; one that is out already is only made sure of."""
    manifest = run.withdraw(task.settings, task.wave_id, reason=task.text("reason"), progress=task.say)
    with open_register(task.settings.register_address) as register:
        _have_attacked(task, register, manifest)
    return {"release_no": manifest.release_no}


def _have_attacked(task: Task, register: Register, manifest: ReleaseManifest) -> None:
    if manifest.is_attacked_by_itself:
        jobs, asker = Jobs(register.store), task.job.asked_by
        jobs.ask_for_proof(task.wave_id, manifest.release_no, asked_by=asker, now=task.now())


def list_comments(task: Task) -> Mapping[str, Any]:
    """Hands the words that passed the gate to who asked, for an hour; that they looked is in the audit."""
    passed = list_passed(_asking(task))
    write_enclosure(task.settings, task.job.job_id, [asdict(one) for one in passed])
    return {"comment_count": len(passed), "held_count": sum(one.is_held for one in passed)}


def hold(task: Task) -> Mapping[str, Any]:
    """Holds a comment back from the next time its wave is published."""
    comment_no = task.number("comment_no") or 0
    hold_comment(_asking(task), comment_no, task.text("reason"))
    return {"comment_no": comment_no}


def release(task: Task) -> Mapping[str, Any]:
    """Lets a comment that was held back be shown again."""
    comment_no = task.number("comment_no") or 0
    release_comment(_asking(task), comment_no)
    return {"comment_no": comment_no}


def _asking(task: Task) -> Asking:
    return Asking(settings=task.settings, wave=task.wave_id, done_by=task.job.asked_by, done_at=task.now())
