"""The way out: marts, blocks, release. Safe to repeat: a publish that was cut off is simply run again."""

from collections.abc import Callable

from pipeline import marts, publish
from pipeline.errors import PublishError
from pipeline.ledger import active_batches
from pipeline.numbering import number_wave
from pipeline.publish import ReleaseManifest
from pipeline.warehouse import open_warehouse
from survey.campaign import WaveState
from survey.config import Settings
from survey.policy import parse_policy
from survey.register import open_register

Progress = Callable[[str], None]


def publish_wave(settings: Settings, wave: str, *, progress: Progress) -> ReleaseManifest:
    """Makes a release that holds this wave and every wave published before; closes an external wave.

    Raises:
        WaveError: there is no such wave.
        PublishError: nothing was loaded into it, or publishing it again would tell on somebody.
    """
    with open_register(settings.register_address) as register:
        found = register.wave(wave)
        members = register.wave_roster(found.wave_id)
        instrument = register.wave_instrument(found.wave_id)
        with open_warehouse(settings.warehouse_path) as warehouse:
            if not active_batches(warehouse, found.wave_id):
                raise PublishError(
                    "publish-empty",
                    "nothing was loaded into this wave",
                    where=found.wave_id,
                    hint=f"run: pmhealth ingest FILE --wave {found.wave_id}",
                )
            if found.state is WaveState.WITHDRAWN:
                publish.withdraw(warehouse, settings.releases_path, found)  # a crash may have come in between
            if found.state is WaveState.OPEN:
                found = register.move_wave(found.wave_id, WaveState.CLOSED)
            progress("adding up answers")
            with warehouse.transaction():
                marts.build(warehouse, number_wave(warehouse, found, instrument))
            progress("forming blocks and writing the release")
            manifest = publish.write_release(
                warehouse, settings.releases_path, found, instrument, members, parse_policy(found.policy)
            )
        if found.state is not WaveState.PUBLISHED:
            register.move_wave(found.wave_id, WaveState.PUBLISHED)
    return manifest


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
