"""The way out: marts, blocks, release. Safe to repeat: a publish that was cut off is simply run again."""

import hmac
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from pipeline import marts, publish
from pipeline.collector import collector_rests
from pipeline.errors import PublishError
from pipeline.frame import still_open
from pipeline.ledger import active_batches
from pipeline.numbering import number_wave
from pipeline.pseudonym import read_key, watcher_numbers, wave_key
from pipeline.publish import Edition, ReleaseManifest, RestGroup
from pipeline.warehouse import Warehouse, open_warehouse
from survey.assignment import Assignment
from survey.campaign import Wave, WaveState
from survey.collection import unit_date
from survey.config import Settings
from survey.instrument import Instrument, SubjectKind
from survey.policy import parse_policy
from survey.register import Register, open_register
from survey.register_closing import Closings
from survey.register_collection import Collections
from survey.relationship import ATTRIBUTED
from survey.reporting_group import KnownRaters
from survey.roster import Roster

Progress = Callable[[str], None]


@collector_rests()
def publish_wave(settings: Settings, wave: str, *, progress: Progress, today: date) -> ReleaseManifest:
    """Makes a release that holds this wave and every wave published before; closes an external wave.

    Args:
        settings: where the stores are.
        wave: its id, or its period where only one campaign has that.
        progress: told what is being done, in a few words.
        today: the day on which PMs get their results. A wave of our own form is shown on pages of
            units so many working days later as was planned for it.

    Raises:
        WaveError: there is no such wave, or our own form still collects it.
        PublishError: nothing was loaded into it, or publishing it again would tell on somebody.
    """
    with open_register(settings.register_address) as register:
        found = register.wave(wave)
        with open_warehouse(settings.warehouse_path) as warehouse:
            check_loaded(warehouse, found)
            if found.state is WaveState.WITHDRAWN:
                publish.withdraw(warehouse, settings.releases_path, found)  # a crash may have come in between
            if found.state is WaveState.OPEN:
                found = register.move_wave(found.wave_id, WaveState.CLOSED)
            progress("adding up answers")
            with ThreadPoolExecutor(max_workers=1) as beside:
                built = beside.submit(_add_up, warehouse, found, register.wave_instrument(found.wave_id))
                edition = edition_of(settings, register, _dated(register, found, today))
            built.result()
            progress("forming blocks and writing the release")
            manifest = publish.write_release(warehouse, settings.releases_path, edition)
        if found.state is not WaveState.PUBLISHED:
            register.move_wave(found.wave_id, WaveState.PUBLISHED)
    return manifest


def _add_up(warehouse: Warehouse, wave: Wave, instrument: Instrument) -> None:
    with warehouse.transaction():
        marts.build(warehouse, number_wave(warehouse, wave, instrument))


def check_loaded(warehouse: Warehouse, wave: Wave) -> None:
    """Raises unless the wave has answers and our own form does not collect it any more."""
    files = "FILE " if wave.is_external else ""
    if not wave.is_external and wave.state is WaveState.OPEN:
        raise still_open(wave)
    if not active_batches(warehouse, wave.wave_id):
        raise PublishError(
            "publish-empty",
            "nothing was loaded into this wave",
            where=wave.wave_id,
            hint=f"run: pmhealth ingest {files}--wave {wave.wave_id}",
        )


def _dated(register: Register, wave: Wave, today: date) -> Wave:
    """The day is noted before anything is published, so that a crash changes nothing of it."""
    planned = None if wave.is_external else Collections(register.store).find(wave.wave_id)
    if wave.unit_date is not None or planned is None or not planned.unit_days:
        return wave
    if register.wave_instrument(wave.wave_id).subject_kind is SubjectKind.UNIT:
        return wave  # nobody is rated there who could read it first
    return register.date_units(wave.wave_id, unit_date(today, planned.unit_days))


def edition_of(settings: Settings, register: Register, wave: Wave) -> Edition:
    """Returns a wave with all that its release rests on."""
    members = register.wave_roster(wave.wave_id)
    return Edition(
        wave=wave,
        instrument=register.wave_instrument(wave.wave_id),
        members=members,
        policy=parse_policy(wave.policy),
        watchers=_watchers(settings, wave, members) if wave.is_external else {},
        rests=None if wave.is_external else _rests(register, wave),
        largest_load=0 if wave.is_external else _largest_load(register, wave),
        known_counts={} if wave.is_external else _known_counts(register, wave, members),
        comment_key=_comment_key(settings),
        asked_counts={} if wave.is_external else Counter(one.subject_id for one in _others(register, wave)),
    )


def _known_counts(register: Register, wave: Wave, members: Roster) -> Mapping[str, int]:
    """Of those asked about each subject, how many may open its page: who answered is forgotten."""
    known = KnownRaters(members)
    return Counter(
        one.subject_id for one in _others(register, wave) if one.rater_id in known.of(one.subject_id)
    )


def _others(register: Register, wave: Wave) -> Iterator[Assignment]:
    """Who was asked, but about oneself or one's own PM."""
    asked = Collections(register.store).assignments(wave.wave_id)
    return (one for one in asked if one.relationship not in ATTRIBUTED)


def _comment_key(settings: Settings) -> bytes:
    """Derived from the key that files are pseudonymised with: one key to keep, and to back up."""
    return hmac.digest(read_key(settings.pseudonym_key_path, is_in_use=True), b"comments", "sha256")


def _watchers(settings: Settings, wave: Wave, members: Roster) -> Mapping[int, frozenset[str]]:
    key = read_key(settings.pseudonym_key_path, is_in_use=True)
    return watcher_numbers(wave_key(key, wave.wave_id), members)


def _rests(register: Register, wave: Wave) -> tuple[RestGroup, ...]:
    closing = Closings(register.store).find(wave.wave_id)
    groups = closing.groups if closing else ()
    return tuple(
        RestGroup(unit_id=one.unit_id, subject_count=one.subject_count, rater_count=one.rater_count)
        for one in groups
    )


def _largest_load(register: Register, wave: Wave) -> int:
    """About how many subjects the busiest rater was asked."""
    return max(Counter(one.rater_id for one in _others(register, wave)).values(), default=0)


def withdraw(settings: Settings, wave: str, *, reason: str, progress: Progress) -> ReleaseManifest:
    """Takes a published wave out of the next release, visibly and with a reason.

    Raises:
        WaveError: there is no such wave, or it was not published.
    """
    with open_register(settings.register_address) as register:
        found = register.wave(wave)
        if found.state is not WaveState.WITHDRAWN:
            found = register.move_wave(found.wave_id, WaveState.WITHDRAWN, reason)
        progress("writing a release without the wave")
        with open_warehouse(settings.warehouse_path) as warehouse:
            return publish.withdraw(warehouse, settings.releases_path, found)
