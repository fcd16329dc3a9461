"""The audit's chain: whatever is done to it afterwards is found, and it says where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from survey import register_schema as schema
from survey.audit import START, AuditEntry, AuditHead, AuditLine, find_breaks, has_passed, seal
from survey.register import open_register

NOON = datetime(2026, 11, 25, 12, 0, 0, 123456, tzinfo=UTC)


def entry(number: int) -> AuditEntry:
    return AuditEntry(
        done_at=NOON + timedelta(minutes=number),
        done_by="p001",
        action="look",
        target="p002",
        detail=str(number),
    )


def chain(count: int) -> tuple[list[AuditLine], AuditHead]:
    lines, previous = [], ""
    for number in range(1, count + 1):
        previous = seal(previous, number, entry(number))
        lines.append(AuditLine(entry_no=number, entry=entry(number), entry_hash=previous))
    return lines, AuditHead(entry_no=count, entry_hash=previous)


@pytest.fixture
def register(tmp_path):
    with open_register(tmp_path / "register.sqlite") as opened:
        for number in range(1, 7):
            opened.record(entry(number))
        yield opened


def tamper(register, statement):
    with register.store.writing() as connection:
        connection.execute(statement)


AUDIT = schema.audit.c


def test_chain_when_untouched_then_nothing_is_found(register):
    assert register.audit_breaks() == ()
    assert [line.entry for line in register.audit_lines()] == [entry(number) for number in range(1, 7)]


@pytest.mark.parametrize(
    "change",
    [
        {"done_by": "p009"},
        {"action": "report"},
        {"target": "p003"},
        {"detail": "99"},
        {"done_at": datetime(2026, 1, 1)},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("entry_no", [1, 3, 6])
def test_chain_when_an_entry_is_changed_then_it_is_named(register, change, entry_no):
    tamper(register, update(schema.audit).where(AUDIT.entry_no == entry_no).values(**change))
    assert [found.entry_no for found in register.audit_breaks()] == [entry_no]


@pytest.mark.parametrize("entry_no", [1, 3, 6])
def test_chain_when_an_entry_is_taken_out_then_it_is_named(register, entry_no):
    tamper(register, delete(schema.audit).where(AUDIT.entry_no == entry_no))
    first = register.audit_breaks()[0]
    assert first.entry_no == entry_no
    assert first.message == f"entry {entry_no} is missing"


def test_chain_when_several_are_taken_out_then_all_are_named(register):
    tamper(register, delete(schema.audit).where(AUDIT.entry_no.in_((3, 4))))
    assert register.audit_breaks()[0].message == "entries 3 to 4 are missing"


def test_chain_when_two_entries_change_places_then_the_first_is_named(register):
    for entry_no, moved in ((3, -3), (4, 3), (-3, 4)):
        tamper(register, update(schema.audit).where(AUDIT.entry_no == entry_no).values(entry_no=moved))
    assert register.audit_breaks()[0].entry_no == 3


def test_chain_when_everything_is_gone_then_that_is_found(register):
    tamper(register, delete(schema.audit))
    assert register.audit_breaks()[0].message == "entries 1 to 6 are missing"


def test_chain_when_an_entry_is_sealed_anew_then_the_next_does_not_fit():
    lines, head = chain(5)
    forged = replace(entry(3), target="p777")
    lines[2] = AuditLine(entry_no=3, entry=forged, entry_hash=seal(lines[1].entry_hash, 3, forged))
    assert [found.entry_no for found in find_breaks(lines, head)] == [4]


def test_chain_when_the_last_is_sealed_anew_then_the_head_tells():
    lines, head = chain(5)
    forged = replace(entry(5), target="p777")
    lines[4] = AuditLine(entry_no=5, entry=forged, entry_hash=seal(lines[3].entry_hash, 5, forged))
    assert [found.entry_no for found in find_breaks(lines, head)] == [5]


def test_chain_when_written_anew_from_a_place_on_then_a_noted_hash_tells():
    lines, head = chain(5)
    assert has_passed(lines, head.entry_hash)
    assert not has_passed(chain(4)[0], head.entry_hash)


def test_entries_from_before_the_chain_when_followed_then_the_first_sealed_one_covers_them(register):
    tamper(register, update(schema.audit).values(entry_hash=""))
    tamper(register, text("delete from audit_head"))
    assert register.audit_breaks() == ()
    register.record(entry(7))
    register.record(entry(8))
    assert register.audit_breaks() == ()
    tamper(register, update(schema.audit).where(AUDIT.entry_no == 2).values(target="p003"))
    assert [found.entry_no for found in register.audit_breaks()] == [7]


def test_entry_when_about_a_person_then_they_find_it_latest_first(register):
    register.record(replace(entry(7), target="p005"))
    assert [line.entry_no for line in register.audit_about("p002")] == [6, 5, 4, 3, 2, 1]
    assert [line.entry_no for line in register.audit_about("p005")] == [7]


def test_hash_when_the_same_moment_is_written_in_another_zone_then_it_is_the_same():
    there = NOON.astimezone(timezone(timedelta(hours=9)))
    assert seal("", 1, replace(entry(1), done_at=NOON)) == seal("", 1, replace(entry(1), done_at=there))


def test_no_entries_when_verified_then_all_is_well():
    assert find_breaks((), START) == ()


@given(st.integers(2, 9), st.data())
def test_chain_when_any_entry_is_removed_or_moved_then_it_is_found(count, data):
    lines, head = chain(count)
    place = data.draw(st.integers(0, count - 1))
    taken = lines.pop(place)
    where = data.draw(st.none() | st.integers(0, count - 1).filter(lambda other: other != place))
    if where is not None:
        lines.insert(where, taken)
    assert find_breaks(lines, head)
