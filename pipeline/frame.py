"""Which wave a file goes into: one that stands, or a new one with what freezes when it opens."""

from dataclasses import dataclass

from survey.campaign import Period, Wave, WaveState, parse_period
from survey.config import Settings
from survey.definition import check_frozen, find_instrument
from survey.errors import ConfigError, WaveError
from survey.instrument import Instrument
from survey.policy import default_policy_text
from survey.register import Register
from survey.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is settled before a file is opened.

    `members` is the roster of the wave's last day, `everybody` whoever was ever on the roster.
    """

    wave: Wave
    is_new: bool
    instrument: Instrument
    members: Roster
    everybody: Roster


def find_frame(settings: Settings, register: Register, wave: str, instrument_id: str = "") -> Frame:
    """Returns the wave that a file is meant for, as it stands or as it would be opened.

    Args:
        settings: where the instruments are.
        register: holds waves and roster; nothing is written to it.
        wave: its id; a bare period where only one wave has it.
        instrument_id: what a new wave asks; by default its campaign's name.

    Raises:
        WaveError: there is no such wave and the name cannot open one, or it takes no files.
        ConfigError: the roster has nobody on the last day of a new wave.
        DefinitionError: there is no such instrument, or its version has changed since it was used.
    """
    found = register.find_wave(wave)
    if found is None:
        return _new_frame(settings, register, wave, instrument_id)
    _check_external(found)
    _check_open(found)
    return _standing(register, found)


def find_own_frame(register: Register, wave: str) -> Frame:
    """Returns the wave whose answers our own form collected.

    Raises:
        WaveError: there is no such wave, another tool asks its questions, it is still open, or it is
            published.
    """
    found = register.wave(wave)
    if found.is_external:
        raise WaveError(
            "wave-needs-files",
            "another survey tool collects this wave, so its answers come with a file",
            where=found.wave_id,
            hint=f"pmhealth ingest FILE --wave {found.wave_id} --dry-run",
        )
    if found.state is WaveState.OPEN:
        raise still_open(found)
    if found.state is not WaveState.CLOSED:
        _check_open(found)
    return _standing(register, found)


def still_open(wave: Wave) -> WaveError:
    """Returns why the answers that our own form collects stay where they are for now."""
    return WaveError(
        "wave-still-open",
        "the wave is open: its answers may still change, and stay in the form's store",
        where=wave.wave_id,
        hint=f"when its time is over: pmhealth wave close {wave.wave_id}",
    )


def _standing(register: Register, wave: Wave) -> Frame:
    return Frame(
        wave=wave,
        is_new=False,
        instrument=register.wave_instrument(wave.wave_id),
        members=register.wave_roster(wave.wave_id),
        everybody=register.roster(),
    )


def _check_external(wave: Wave) -> None:
    if not wave.is_external:
        raise WaveError(
            "wave-own-form",
            "our own form collects this wave; it takes no files of other tools",
            where=wave.wave_id,
            hint=f"after closing it: pmhealth ingest --wave {wave.wave_id}, without a file",
        )


def _check_open(wave: Wave) -> None:
    if wave.state in (WaveState.OPEN, WaveState.WITHDRAWN):
        return
    withdraw = f"pmhealth wave withdraw {wave.wave_id} --reason '...'"
    first = "" if wave.state is WaveState.PUBLISHED else f"run: pmhealth publish --wave {wave.wave_id}; then "
    raise WaveError(
        "wave-takes-no-files",
        f"the wave is {wave.state} and takes no more files",
        where=wave.wave_id,
        hint=f"{first}to correct it: {withdraw}, ingest the right file, publish again",
    )


def _new_frame(settings: Settings, register: Register, wave_id: str, instrument_id: str) -> Frame:
    campaign, _, period_name = wave_id.rpartition("/")
    if not campaign:
        raise WaveError(
            "wave-unknown",
            "there is no such wave",
            where=wave_id,
            hint=f"to open a new one, write its instrument too, for example great-pm/{period_name}",
        )
    period = parse_period(period_name)
    everybody = register.roster()
    members = everybody.as_of(period.ends_on)
    if not members.people:
        raise _nobody_there(everybody, wave_id, period)
    instrument = find_instrument(settings, instrument_id or campaign)
    check_frozen(instrument, register.frozen_instruments())
    wave = _opened(wave_id, campaign, period, instrument)
    return Frame(wave=wave, is_new=True, instrument=instrument, members=members, everybody=everybody)


def _nobody_there(everybody: Roster, wave_id: str, period: Period) -> ConfigError:
    if not everybody.people:
        return ConfigError(
            "roster-empty",
            "the roster is empty, so nobody can be matched",
            where=wave_id,
            hint="pmhealth roster import FILE --dry-run",
        )
    return ConfigError(
        "roster-empty-then",
        f"the roster has nobody on {period.ends_on}, the last day of the wave",
        where=wave_id,
        hint="check the wave's period, or active_from in the roster file and import it again",
    )


def _opened(wave_id: str, campaign: str, period: Period, instrument: Instrument) -> Wave:
    return Wave(
        wave_id=wave_id,
        campaign=campaign,
        period=period,
        instrument_id=instrument.instrument_id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        state=WaveState.OPEN,
        is_external=True,
        roster_date=period.ends_on,
        policy=default_policy_text(),
    )
