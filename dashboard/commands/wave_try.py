"""`pmhealth wave try`: the real form to look at oneself, watermarked and stored nowhere."""

from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import audit_entry, find_collection
from dashboard.terminal import say, say_next
from survey.config import Settings

if TYPE_CHECKING:
    from survey.collection import Collection
    from survey.register import Register


@click.command("try")
@click.argument("wave")
@click.option("--print", "is_printed", is_flag=True, help="Print the link; it cannot be shown again.")
@click.pass_obj
def try_wave(settings: Settings, *, wave: str, is_printed: bool) -> None:
    """Look at the real form as raters will see it, before or while a wave is open.

    The pages carry a watermark, and what you type is stored nowhere. The link works until the wave
    closes. PMHEALTH_FORM_URL says under which address the form is.

    \b
    Examples:
      pmhealth wave try 2026Q4 --print
    """  # noqa: D301
    import os  # noqa: PLC0415

    from survey.mail_settings import read_form_url  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy

    if not is_printed:
        raise click.UsageError("Say where the link goes: --print.")
    form_url = read_form_url(os.environ)
    with open_register(settings.register_address) as register:
        collection = find_collection(register, wave)
        link = f"{form_url}/t/{_make_link(settings, register, collection)}"
    say(f"The form of {collection.wave_id}, to look at; what you type there is stored nowhere:")
    say(link)
    say_next(f"pmhealth wave status {collection.wave_id}")


def _make_link(settings: Settings, register: "Register", collection: "Collection") -> str:
    """Returns the secret of a new link. Keys of a closed wave are gone for good and not made again."""
    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.errors import WaveError  # noqa: PLC0415
    from survey.participation import LinkPurpose  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415
    from survey.register_participation import Participation  # noqa: PLC0415
    from survey.secret import make_keys, new_secret, secret_hash  # noqa: PLC0415

    state = Collections(register.store).state(collection.wave_id)
    if state not in {WaveState.DRAFT, WaveState.OPEN}:
        raise WaveError(
            "wave-try-state",
            f"the wave is {state}; its form is closed",
            where=collection.wave_id,
            hint="try the next wave: pmhealth wave create --help",
        )
    secret = new_secret()
    keys = make_keys(settings.wave_keys_path(collection.wave_id))
    Participation(register.store).add_link(collection.wave_id, "", LinkPurpose.TRY, secret_hash(keys, secret))
    register.record(audit_entry("wave.try", collection.wave_id))
    return secret
