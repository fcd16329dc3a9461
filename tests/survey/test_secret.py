"""Secrets, the keys that hash them, and drafts that only the secret opens."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.config import Settings
from survey.errors import ConfigError
from survey.secret import (
    WaveKeys,
    delete_keys,
    draft_key,
    make_keys,
    new_secret,
    open_draft,
    read_keys,
    response_key,
    seal_draft,
    secret_hash,
)

KEYS = WaveKeys(participation=b"p" * 32, answers=b"a" * 32)
TEXTS = st.text(max_size=20)


def test_secrets_when_made_then_each_is_new_and_fits_into_an_address():
    made = {new_secret() for _ in range(1000)}

    assert len(made) == 1000
    assert {len(secret) for secret in made} == {32}
    assert all(secret.replace("-", "").replace("_", "").isalnum() for secret in made)


def test_keys_when_made_twice_then_they_stay_and_are_their_owners_only(tmp_path):
    path = tmp_path / "keys" / "great-pm.2026Q4.key"
    keys = make_keys(path)

    assert make_keys(path) == read_keys(path) == keys
    assert keys.participation != keys.answers
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_keys_when_printed_then_nothing_of_them_is_shown():
    assert repr(KEYS) == "WaveKeys()"


def test_keys_when_deleted_then_they_are_gone_and_deleting_again_does_no_harm(tmp_path):
    path = tmp_path / "wave.key"
    make_keys(path)
    delete_keys(path)
    delete_keys(path)

    with pytest.raises(ConfigError) as refused:
        read_keys(path)
    assert refused.value.code == "keys-unusable"


def test_keys_when_the_file_is_cut_short_then_it_is_refused(tmp_path):
    path = tmp_path / "wave.key"
    path.write_bytes(b"short")

    with pytest.raises(ConfigError) as refused:
        make_keys(path)
    assert refused.value.code == "keys-unusable"


def test_keys_when_the_folder_cannot_be_made_then_that_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        make_keys(tmp_path / "file" / "wave.key")
    assert refused.value.code == "keys-unwritable"


def test_keys_when_a_crash_left_a_copy_beside_them_then_deleting_takes_it_too(tmp_path):
    path = tmp_path / "great-pm.2026Q4.key"
    make_keys(path)
    path.with_name(f"{path.name}.0123456789abcdef.new").write_bytes(path.read_bytes())
    make_keys(tmp_path / "great-pm.2027Q1.key")

    delete_keys(path)

    assert [one.name for one in tmp_path.iterdir()] == ["great-pm.2027Q1.key"]


def test_keys_when_many_make_them_at_once_then_all_have_the_same(tmp_path):
    path = tmp_path / "wave.key"
    start = Barrier(8)

    def make(_: int) -> WaveKeys:
        start.wait()
        return make_keys(path)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(8)))

    assert made == [read_keys(path)] * 8
    assert list(tmp_path.iterdir()) == [path]


@given(TEXTS, TEXTS)
def test_hashes_of_one_secret_when_compared_then_none_tells_of_another(secret, subject_id):
    hashes = [
        secret_hash(KEYS, secret),
        response_key(KEYS, secret, subject_id),
        draft_key(KEYS, secret, subject_id),
        response_key(KEYS, secret, subject_id + "x"),
    ]

    assert len(set(hashes)) == 4
    assert {len(one) for one in hashes} == {32}


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_response_keys_when_secret_or_subject_differ_then_they_differ(one, other):
    assert (response_key(KEYS, *one) == response_key(KEYS, *other)) == (one == other)


@given(TEXTS, TEXTS, st.binary(max_size=200))
def test_draft_when_sealed_then_its_secret_alone_opens_it(secret, subject_id, plain):
    sealed = seal_draft(secret, subject_id, plain)

    assert open_draft(secret, subject_id, sealed) == plain
    assert open_draft(secret + "x", subject_id, sealed) is None
    assert open_draft(secret, subject_id + "x", sealed) is None
    assert open_draft(secret, subject_id, sealed[:-1]) is None


@given(st.binary(max_size=40))
def test_draft_when_it_is_any_bytes_then_it_opens_as_nothing(sealed):
    assert open_draft("secret", "ann", sealed) is None


def test_hash_when_the_secret_is_no_text_then_it_is_a_hash_of_nothing_known():
    assert len(secret_hash(KEYS, "\udcff")) == 32


def test_file_of_keys_when_named_then_no_other_wave_has_it():
    settings = Settings(home=Path("home"))
    waves = ["a/2026Q1", "a/b/2026Q1", "a_b/2026Q1", "a.b/2026Q1", "../2026Q1", "a/2026Q2"]

    paths = {settings.wave_keys_path(wave) for wave in waves}
    assert len(paths) == len(waves)
    assert {path.parent for path in paths} == {Path("home/form/keys")}
