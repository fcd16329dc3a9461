"""Open waves are kept ready; closed ones are let go of, file and all."""

from pathlib import Path

from survey.form import waves as waves_module
from survey.form.waves import Waves
from survey.register import open_register
from survey.secret import delete_keys


def open_files() -> list[str]:
    return [str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.exists()]


def test_wave_when_its_keys_are_gone_then_it_is_unknown_and_its_store_is_let_go(world, monkeypatch):
    secret = world.link("p-kim")
    with open_register(world.settings.register_address) as register, Waves(world.settings, register) as waves:
        wave = waves.open_wave(world.wave_id)
        assert waves.find(secret, 0.0).link.person_id == "p-kim"
        assert wave.answers.get_draft(b"none") is None
        assert any("answers" in name for name in open_files())

        delete_keys(world.settings.wave_keys_path(world.wave_id))

        assert waves.find(secret, 0.0) is None
        assert waves.open_wave(world.wave_id) is None
        monkeypatch.setattr(waves_module, "_RETIRED_SECONDS", -1.0)
        waves.look_round()
        assert not any("answers" in name for name in open_files())


def test_link_when_found_lately_then_it_is_not_looked_up_for_what_will_be_claimed_anyway(world):
    secret = world.link("p-kim")
    with open_register(world.settings.register_address) as register, Waves(world.settings, register) as waves:
        found = waves.find(secret, 0.0)
        assert waves.find(secret, 60.0, is_fresh=False) is found
        assert waves.find(secret, 60.0) is not found
        assert waves.find(secret, 5000.0, is_fresh=False) is not found
