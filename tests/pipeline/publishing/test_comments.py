"""Comments in a release: gated, waiting, signed, each once, in an order of chance (PC-01 .. PC-12)."""

from dataclasses import replace

import pyarrow as pa
import pytest

from pipeline import publish
from pipeline.disclosure.proof import prove
from pipeline.prove import gather
from pipeline.release import current_name, release_number
from pipeline.rules import code
from survey.definition_document import sealed
from survey.instrument import Prompt
from survey.relationship import Relationship

pytestmark = pytest.mark.slow

KEY = b"k" * 32


@pytest.fixture
def world(open_world, people):
    """A world whose instrument asks one prompt in words."""
    opened = open_world(people)
    prompt = Prompt(prompt_id="W1", text={"en": "What helped?"}, text_self={"en": "What helped?"})
    opened.instrument = sealed(replace(opened.instrument, prompts=(prompt,)))
    return opened


@pytest.fixture
def tell(world, say):
    """Loads a wave: so many raters about the first PM, and what some of them wrote; publishes it."""

    def _tell(period, raters, words, *, publishes=True, known=None, members=None, **changes):
        said = [say(1000 + rater, "T1", 3) for rater in range(raters)]
        world.load(period, said or [replace(say(1, "T1", 3), subject="pm01")])
        _write(world, period, words)
        if publishes:
            edition = replace(world.edition(period), comment_key=KEY, **changes)
            return publish.write_release(world.warehouse, world.releases, edition)
        return None

    return _tell


def _write(world, period, words):
    """`words`: (rater, text) or (rater, text, relationship, signed_by)."""
    query = world.warehouse.connection.execute
    (wave_no,) = query("select wave_no from core.wave where wave_id = ?", [f"team/{period}"]).fetchone()
    (subject_no,) = query("select subject_no from core.subject where subject_id = 'pm00'").fetchone()
    (item_no,) = query("select item_no from core.item where item_id = 'W1'").fetchone()
    world.warehouse.delete("core.comment", "wave_no", wave_no)
    rows = []
    for rater, text, *more in words:
        relationship, signed_by = more or (Relationship.PEER, "")
        rows.append(
            {
                "batch_no": 1, "wave_no": wave_no, "subject_no": subject_no, "relationship": code(relationship),
                "response_no": 1000 + rater, "item_no": item_no, "text": text, "line": rater, "column_no": 9,
                "signed_by": signed_by,
            }
        )  # fmt: skip
    if rows:
        world.warehouse.add_rows("core.comment", pa.Table.from_pylist(rows))


def shown(world, period=None):
    comments = world.release().comments("pm00")
    return [one.words for one in comments if period is None or one.wave_id == f"team/{period}"]


@pytest.mark.parametrize(
    ("what", "raters", "words", "expected"),
    [
        ("PC-01 five answered, two wrote", 5, [(1, "a"), (2, "b")], {"a", "b"}),
        ("PC-02 four answered", 4, [(1, "a"), (2, "b")], set()),
        ("PC-03 one wrote", 8, [(1, "a")], set()),
        ("PC-04 self is attributed", 0, [(1, "a", Relationship.SELF, "")], {"a"}),
        ("PC-05 a signed one needs nobody", 4, [(1, "a", Relationship.PEER, "pm02"), (2, "b")], {"a"}),
    ],
)
def test_comments_when_published_then_follow_the_gate(world, tell, what, raters, words, expected):
    tell("2026Q1", raters, words)
    assert set(shown(world)) == expected, what


def test_comment_when_signed_then_carries_the_name_and_others_none(world, tell):
    tell(
        "2026Q1",
        5,
        [(1, "a", Relationship.PEER, "pm02"), (2, "b"), (3, "c"), (9, "m", Relationship.MANAGER, "")],
    )
    told = {one.words: (one.group, one.signed_by, one.prompt_id) for one in world.release().comments("pm00")}
    assert told == {
        "a": ("others", "Name pm02", "W1"),
        "b": ("others", "", "W1"),
        "c": ("others", "", "W1"),
        "m": ("manager", "", "W1"),
    }


def test_comment_when_it_waits_then_is_shown_with_the_next_wave_and_never_again(world, tell):
    tell("2026Q1", 6, [(1, "early")])
    tell("2026Q2", 6, [(2, "late"), (3, "later")])
    assert (shown(world, "2026Q1"), set(shown(world, "2026Q2"))) == ([], {"early", "late", "later"})
    tell("2026Q3", 6, [(2, "x"), (3, "y")])
    assert set(shown(world, "2026Q3")) == {"x", "y"}
    assert sorted(shown(world)) == ["early", "late", "later", "x", "y"]


def test_comments_when_a_wave_comes_back_then_are_the_same_and_nothing_joins(world, tell):
    tell("2026Q1", 6, [(1, "a"), (2, "b")])
    first = shown(world)
    world.withdraw("2026Q1", "why not")
    assert shown(world) == []
    tell("2026Q1", 6, [(1, "a"), (2, "b"), (4, "came late")])
    assert shown(world) == first
    tell("2026Q2", 6, [(1, "c"), (2, "d")])
    assert set(shown(world, "2026Q2")) == {"came late", "c", "d"}


def test_comments_when_the_lines_of_a_file_moved_then_are_still_the_same(world, tell):
    tell("2026Q1", 6, [(1, "a"), (2, "b")])
    world.withdraw("2026Q1", "why not")
    tell("2026Q1", 6, [(3, "a"), (4, "b")])
    assert set(shown(world)) == {"a", "b"}


def test_comments_when_the_wave_they_wait_in_is_withdrawn_then_wait_on(world, tell):
    tell("2026Q1", 6, [(1, "early")])
    world.withdraw("2026Q1", "why not")
    tell("2026Q2", 6, [(2, "late"), (3, "later")])
    assert "early" not in shown(world)


def test_comment_when_more_was_promised_then_waits_for_that(world, tell):
    strict = replace(world.policy, min_comment_submitters=9)
    tell("2026Q1", 6, [(1, "a"), (2, "b")], policy=strict)
    tell("2026Q2", 6, [(1, "c"), (2, "d")])
    assert set(shown(world)) == {"c", "d"}


def test_comments_when_authors_may_read_them_then_do_not_count(world, tell):
    tell("2026Q1", 8, [(1, "a"), (2, "b")], known_counts={"pm00": 1})
    assert shown(world) == []
    tell("2026Q2", 6, [(1, "c"), (2, "d"), (3, "e")], known_counts={"pm00": 2})
    assert shown(world) == []


def test_author_when_a_file_names_one_who_may_open_the_page_then_does_not_count(world, tell, people):
    managed = (replace(people[0], manager_id="pm05"), *people[1:])
    world.members = replace(world.members, people=managed)
    changes = {"watchers": {1001: frozenset({"pm05"})}}
    said = [(1, "a"), (2, "b")]
    _link_responses(world, tell, said, changes)
    assert shown(world) == []
    _link_responses(world, tell, [*said, (3, "c")], changes, period="2026Q2")
    assert "c" in shown(world)


def _link_responses(world, tell, words, changes, period="2026Q1"):
    """Comments of the very responses that carry the ratings, so that pseudonyms are known."""
    tell(period, 7, [], publishes=False)
    numbers = dict(
        world.warehouse.connection.execute(
            "select rater_no, response_no from core.response as r join core.wave using (wave_no) where wave_id = ?",
            [f"team/{period}"],
        ).fetchall()
    )
    _write(world, period, [(numbers[1000 + rater] - 1000, text) for rater, text in words])
    edition = replace(world.edition(period), comment_key=KEY, **changes)
    publish.write_release(world.warehouse, world.releases, edition)


def test_order_when_the_key_is_the_same_then_is_the_same_and_not_the_files(world, tell):
    texts = [f"text {place}" for place in range(12)]
    first = tell("2026Q1", 14, list(enumerate(texts)))
    order = shown(world)
    assert sorted(order) == sorted(texts) != order
    world.releases = world.releases.parent / "again"
    again = tell("2026Q1", 14, list(enumerate(texts))[::-1])
    assert shown(world) == order
    assert again.sha256 == first.sha256


def test_release_file_when_there_are_many_long_comments_then_has_the_same_bytes(world, tell):
    words = [(place, f"{place} ä😀 " + "long words " * (place % 600)) for place in range(1500)]
    hashes = set()
    for turn in range(3):
        world.releases = world.releases.parent / f"turn-{turn}"
        world.warehouse.connection.execute("select sum(hash(range::varchar)) from range(100000)").fetchall()
        hashes.add(tell("2026Q1", 1600, words if turn else words[::-1]).sha256)
    assert len(hashes) == 1
    assert sorted(shown(world)) == sorted(text for _, text in words)


def test_release_when_words_are_dealt_anew_then_is_the_same_file(world, tell):
    texts = ["a", "b", "b", "c", "d"]
    hashes = set()
    for turn, raters in enumerate([(0, 1, 2, 3, 4), (4, 2, 0, 1, 3), (5, 6, 1, 0, 2)]):
        world.releases = world.releases.parent / f"turn-{turn}"
        hashes.add(tell("2026Q1", 7, list(zip(raters, texts, strict=True))).sha256)
    assert len(hashes) == 1


def test_hold_when_hr_holds_one_back_then_the_others_are_shown(world, tell):
    tell("2026Q1", 6, [(1, "a"), (2, "b")])
    (number,) = [one.comment_no for one in world.release().comments("pm00") if one.words == "a"]
    world.withdraw("2026Q1", "why not")
    row = pa.Table.from_pylist([{"comment_no": number, "reason": "names a colleague"}])
    world.warehouse.add_rows("core.comment_hold", row)
    tell("2026Q1", 6, [(1, "a"), (2, "b")])
    assert shown(world) == ["b"]


def test_publish_when_cut_off_before_then_remembers_once(world, tell):
    tell("2026Q1", 6, [(1, "a")])
    tell("2026Q2", 6, [(1, "b")], publishes=False)
    query = world.warehouse.connection.execute
    query(
        "insert into core.comment_fate select * replace (2 as release_no, 'shown' as fate) from core.comment_fate"
    )
    tell("2026Q2", 6, [(1, "b"), (2, "c")])
    assert set(shown(world)) == {"a", "b", "c"}
    (doubled,) = query(
        "select count(*) - count(distinct (release_no, comment_no)) from core.comment_fate"
    ).fetchone()
    assert doubled == 0


def test_proof_when_words_are_shown_then_holds_and_breaks_where_a_record_says_otherwise(world, tell):
    tell("2026Q1", 6, [(1, "a")])
    tell("2026Q2", 6, [(1, "b"), (2, "c"), (3, "d", Relationship.PEER, "pm02")])
    assert _words_attack(world).tried == 2 + 1 + 4
    assert not _words_attack(world).found
    world.warehouse.connection.execute("update core.comment_submitter set rater_count = 4")
    assert _words_attack(world).found == 1


def _words_attack(world):
    path = world.releases / current_name(world.releases)
    attacks = prove(gather(world.warehouse, path, release_number(path.name), {})).attacks
    return next(one for one in attacks if one.name == "few_behind_words")
