"""The answers of a wave: kept, replaced, withdrawn, sealed, and written anew when it closes."""

import secrets
import stat
from dataclasses import fields, replace
from pathlib import Path

import pytest
from sqlalchemy import inspect

from survey import answers_schema
from survey.answers import (
    StoredResponse,
    make_answers,
    open_answers,
    write_closed,
)
from survey.config import Settings
from survey.errors import StoreError, WaveError
from survey.store import has_store, open_store

WAVE = "great-pm/2026Q4"
WORDS = "a-sentence-nobody-else-writes"


def response(key: bytes = b"k" * 32, **changes: object) -> StoredResponse:
    made = StoredResponse(
        response_key=key,
        subject_id="ann",
        reporting_group="others",
        content='{"taste-1": 4}',
        is_straight=False,
        is_fast=True,
    )
    return replace(made, **changes)


@pytest.fixture
def answers(settings: Settings):
    make_answers(settings, WAVE)
    with open_answers(settings, WAVE) as opened:
        yield opened


def test_response_when_put_twice_then_the_later_one_is_kept(answers):
    answers.put_batch([response(), response(b"l" * 32)])
    answers.put_batch([response(content="{}", is_fast=False)])

    assert answers.get(b"k" * 32) == response(content="{}", is_fast=False)
    assert len(answers.responses()) == 2


def test_responses_when_read_then_they_come_in_the_order_of_their_keys(answers):
    keys = [secrets.token_bytes(32) for _ in range(50)]
    answers.put_batch([response(key) for key in keys])

    assert [one.response_key for one in answers.responses()] == sorted(keys)


def test_response_when_removed_then_it_is_gone_and_asking_again_does_no_harm(answers):
    answers.put_batch([response()])
    answers.remove([b"k" * 32])
    answers.remove([b"k" * 32])
    answers.remove([])

    assert answers.get(b"k" * 32) is None
    assert answers.responses() == ()


def test_draft_when_its_response_is_stored_then_it_is_dropped(answers):
    answers.put_draft(b"d", b"first")
    answers.put_draft(b"d", b"second")
    answers.put_draft(b"e", b"another")
    assert answers.get_draft(b"d") == b"second"

    answers.put_batch([response()], used_drafts=[b"d"])
    answers.put_batch([], used_drafts=[b"e"])

    assert answers.get_draft(b"d") is answers.get_draft(b"e") is None


def test_store_when_sealed_then_it_takes_and_loses_nothing_more(answers):
    answers.put_batch([response()])
    answers.seal()
    answers.seal()

    for change in (
        lambda: answers.put_batch([response(b"l" * 32)]),
        lambda: answers.remove([b"k" * 32]),
        lambda: answers.put_draft(b"d", b"text"),
    ):
        with pytest.raises(WaveError) as refused:
            change()
        assert refused.value.code == "answers-sealed"
    assert answers.is_sealed
    assert answers.responses() == (response(),)


def test_tables_when_looked_at_then_they_hold_no_time_language_rater_or_relationship():
    columns = {
        (table.name, column.name) for table in answers_schema.metadata.sorted_tables for column in table.c
    }

    assert columns == {
        *(("response", field.name) for field in fields(StoredResponse)),
        ("draft", "draft_key"),
        ("draft", "sealed"),
        ("state", "name"),
        ("state", "value"),
    }


def test_migrations_when_run_then_they_make_the_tables_that_queries_are_built_of(settings):
    meant = {table.name: [one.name for one in table.c] for table in answers_schema.metadata.sorted_tables}
    address = settings.answers_address(WAVE)
    with open_store(address, answers_schema.MIGRATIONS) as store, store.reading() as connection:
        found = inspect(connection)
        made = {name: [one["name"] for one in found.get_columns(name)] for name in found.get_table_names()}

    assert made == meant | {"schema_version": ["version"]}


def test_answers_when_none_were_made_then_opening_makes_none(settings):
    with pytest.raises(StoreError) as refused, open_answers(settings, WAVE):
        pass

    assert refused.value.code == "answers-missing"
    assert not has_store(settings.answers_address(WAVE))


def test_answers_when_made_again_then_what_is_in_them_stays(settings, answers):
    answers.put_batch([response()])
    make_answers(settings, WAVE)

    assert answers.responses() == (response(),)


def test_waves_when_both_collect_then_neither_sees_the_others_answers(settings, answers):
    answers.put_batch([response()])
    make_answers(settings, "great-pm/2027Q1")
    with open_answers(settings, "great-pm/2027Q1") as others:
        assert others.responses() == ()


def closed_rows(settings: Settings) -> tuple[StoredResponse, ...]:
    with open_answers(settings, WAVE) as answers:
        assert answers.is_closed
        assert answers.is_sealed
        return answers.responses()


def collect(settings: Settings) -> None:
    """Submissions one after the other, one of them withdrawn, and drafts."""
    make_answers(settings, WAVE)
    with open_answers(settings, WAVE) as answers:
        for number in range(20):
            answers.put_batch([response(secrets.token_bytes(32), content=f'"{WORDS} {number}"')])
        answers.put_draft(b"d" * 32, WORDS.encode())
        answers.remove([answers.responses()[3].response_key])
        answers.seal()


def test_closed_store_when_written_then_it_holds_what_was_decided_in_the_order_of_new_keys(settings):
    collect(settings)
    decided = [response(secrets.token_bytes(32), content=f"{number}") for number in range(9)]

    write_closed(settings, WAVE, decided)

    assert closed_rows(settings) == tuple(sorted(decided, key=lambda one: one.response_key))
    assert not has_store(settings.answers_address(WAVE))


def test_closed_store_when_nobody_answered_then_it_is_there_and_empty(settings):
    make_answers(settings, WAVE)
    write_closed(settings, WAVE, [])

    assert closed_rows(settings) == ()


def test_closing_when_it_was_interrupted_then_the_first_decision_stays_and_the_rest_is_deleted(settings):
    collect(settings)
    write_closed(settings, WAVE, [response()])
    make_answers(settings, WAVE)  # as if the old store had not been deleted yet

    write_closed(settings, WAVE, [response(b"other" * 6)])

    assert closed_rows(settings) == (response(),)
    assert not has_store(settings.answers_address(WAVE))


@pytest.fixture
def files(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_closing_when_a_half_written_store_lies_there_then_it_is_written_anew(files):
    collect(files)
    half = files.closed_answers_address(WAVE).with_name("great-pm.2026Q4.closed.sqlite.new")
    half.write_bytes(b"half")

    write_closed(files, WAVE, [response()])

    assert closed_rows(files) == (response(),)
    assert not half.exists()


def test_folder_when_a_wave_is_closed_then_no_byte_of_what_was_collected_is_in_it(files):
    collect(files)
    assert any(WORDS.encode() in path.read_bytes() for path in files.home.rglob("*.sqlite*"))

    write_closed(files, WAVE, [response()])

    left = [path for path in files.home.rglob("*") if path.is_file()]
    assert [path.name for path in left] == ["great-pm.2026Q4.closed.sqlite"]
    assert WORDS.encode() not in left[0].read_bytes()
    assert stat.S_IMODE(left[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(left[0].parent.stat().st_mode) == 0o700


def test_file_when_a_response_is_withdrawn_then_its_words_are_overwritten(files):
    make_answers(files, WAVE)
    with open_answers(files, WAVE) as answers:
        answers.put_batch([response(bytes([number]) * 32, content=WORDS) for number in range(200)])
        answers.remove([bytes([number]) * 32 for number in range(200)])

    assert WORDS.encode() not in files.answers_address(WAVE).read_bytes()


def test_closed_store_when_the_same_rows_come_in_another_order_then_its_bytes_are_the_same(files):
    rows = [response(secrets.token_bytes(32), content=f"{number}") for number in range(40)]
    contents = []
    for order in (rows, rows[::-1]):
        write_closed(files, WAVE, order)
        contents.append(files.closed_answers_address(WAVE).read_bytes()[100:])
        files.closed_answers_address(WAVE).unlink()

    assert contents[0] == contents[1]
