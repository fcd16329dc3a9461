"""A withdrawn wave comes back with a corrected file, or not: whatever tells the file's rows apart."""

from datetime import date

import pytest

from pipeline import run
from pipeline.errors import PublishError
from pipeline.mapping.file import parse_mapping
from pipeline.warehouse import open_warehouse

pytestmark = pytest.mark.slow

WAVE = "small-pm/2026Q1"
TODAY = date(2026, 4, 2)
HEADER = "who,id,about,reasons,cuts\n"
MAPPING = """\
tool: csv
subject: {column: about}
relationship: {constant: peer}
items: {taste_reasons: reasons, taste_cuts: cuts}
"""
NAMING = {
    "a rater": "rater: {column: who}",
    "a response": "response: {column: id}",
    "a response per row": "response: row",
    "a rater per row": "rater: row",
    "nothing": "",
}
"""What the mapping says that tells one row from another."""

FIRST = ("r1,a1,p1,4,4", "r2,a2,p1,4,4", "r3,a3,p1,2,5", "r4,a4,p1,1,3", "r5,a5,p1,5,5", "r6,a6,p1,3,3")


def changed(count):
    """The first file, with other answers in so many of its rows."""
    return tuple(f"{row[:8]},1,1" for row in FIRST[:count]) + FIRST[count:]


TABLE = [
    ("nothing", FIRST, True),
    ("the order of rows", FIRST[::-1], True),
    ("one answer", changed(1), False),
    ("three people's answers", changed(3), False),
    ("four people's answers", changed(4), True),
    ("everything", changed(6), True),
    ("a row more at the top", ("r0,a0,p1,4,4", *FIRST), False),
    ("four rows more at the top", (*(f"s{n},b{n},p1,{n},{n}" for n in range(1, 5)), *FIRST), True),
    ("a row less", FIRST[1:], False),
    ("a row less, four more", (*(f"s{n},b{n},p1,1,{n}" for n in range(1, 5)), *FIRST[1:]), False),
]


@pytest.fixture
def bring(take):
    """Takes in rows, read with a mapping that tells them apart in one of the ways above."""

    def _bring(rows, naming, **order):
        mapping = parse_mapping(f"{MAPPING}{NAMING[naming]}\n".encode(), name="m", file="m.yaml")
        return take(HEADER + "\n".join(rows) + "\n", mapping=mapping, **order)

    return _bring


def quiet(_):
    """Nobody watches the progress."""


@pytest.mark.parametrize("naming", NAMING)
def test_coming_back_when_few_could_be_told_then_is_refused(deployment, bring, naming):
    bring(FIRST, naming)
    run.publish_wave(deployment, WAVE, progress=quiet, today=TODAY)
    run.withdraw(deployment, WAVE, reason="the wrong file", progress=quiet)
    for what, rows, is_allowed in TABLE:
        if not is_allowed:
            bring(rows, naming)
            with pytest.raises(PublishError) as refusal:
                run.publish_wave(deployment, WAVE, progress=quiet, today=TODAY)
            assert refusal.value.code == "publish-tells-on-few", what


@pytest.mark.parametrize("naming", ["a rater", "a response per row"])
@pytest.mark.parametrize(("what", "rows"), [(what, rows) for what, rows, is_allowed in TABLE if is_allowed])
def test_coming_back_when_nobody_could_be_told_then_is_published(deployment, bring, naming, what, rows):
    bring(FIRST, naming)
    assert run.publish_wave(deployment, WAVE, progress=quiet, today=TODAY).release_no == 1
    run.withdraw(deployment, WAVE, reason="the wrong file", progress=quiet)
    bring(rows, naming)
    assert run.publish_wave(deployment, WAVE, progress=quiet, today=TODAY).release_no == 3, what


def test_coming_back_when_the_same_answers_came_under_other_names_then_counts_as_seen(deployment, bring):
    """What was published is the same; the one change of many that a wave may see is not used up."""
    bring(FIRST, "a response per row")
    for rows in (FIRST, FIRST[::-1], changed(6)):
        bring(rows, "a response per row")
        run.publish_wave(deployment, WAVE, progress=quiet, today=TODAY)
        run.withdraw(deployment, WAVE, reason="the wrong file", progress=quiet)
    bring(changed(4), "a response per row")
    with pytest.raises(PublishError):
        run.publish_wave(deployment, WAVE, progress=quiet, today=TODAY)


def responses(settings):
    with open_warehouse(settings.warehouse_path) as warehouse:
        query = "select line, response_no, rater_no from core.response order by line"
        return {line: tuple(numbers) for line, *numbers in warehouse.connection.execute(query).fetchall()}


@pytest.mark.parametrize("naming", ["a rater", "a response"])
def test_response_when_its_rater_or_id_is_named_then_keeps_its_number_in_a_corrected_file(
    deployment, bring, naming
):
    bring(FIRST, naming)
    before = responses(deployment)
    bring(("r0,a0,p1,4,4", *changed(2)), naming)
    after = responses(deployment)
    assert [after[line + 1] for line in before] == list(before.values())
    assert after[2] not in before.values()


def test_response_when_each_row_is_one_then_equal_rows_of_part_files_all_count(deployment, bring):
    bring(FIRST, "a response per row")
    report = bring((FIRST[0], *FIRST), "a response per row", is_addition=True)
    assert report.tally.row_superseded_count == 0
    with open_warehouse(deployment.warehouse_path) as warehouse:
        assert warehouse.connection.execute("select count(*) from core.response").fetchone() == (13,)
