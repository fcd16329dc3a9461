"""Numbers by relationship (RE-01 .. RE-08), and that nothing combined with blocks tells on few raters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.relationships import Share, decide_relationships
from pipeline.release import Reason
from tests.attackers.oracle import fewest_left_over

FEW, PROTECTS = Reason.TOO_FEW_PMS, Reason.PROTECTS_OTHERS
EVERYWHERE = ("", "G", "H")


def company(text):
    """`G1:eng4,des2` is PM 1 of product group G with four engineers and two designers of their own."""
    rater = 0
    for word in text.split():
        head, _, shares = word.partition(":")
        for share in shares.split(","):
            count = int(share[3:])
            yield Share(
                block_no=int(head[1:]),
                subject_no=int(head[1:]),
                group_id=head[0].strip("_"),
                relationship=share[:3],
                raters=frozenset(range(rater, rater + count)),
            )
            rater += count


def decide(shares, units=EVERYWHERE, **more):
    return decide_relationships(shares, shown_units=units, min_raters=4, min_pms=3, **more)


FULL = "G1:eng4,des4 G2:eng4,des4 G3:eng4,des4"
THIN = "G1:eng4,des1 G2:eng4,des1 G3:eng4,des1"


@pytest.mark.parametrize(
    ("what", "text", "units", "shown"),
    [
        (
            "RE-01 enough of everything",
            FULL,
            EVERYWHERE,
            {("", "eng"), ("", "des"), ("G", "eng"), ("G", "des")},
        ),
        (
            "RE-02 three designers in all: only engineers could be shown, but then so could they",
            THIN,
            EVERYWHERE,
            set(),
        ),
        ("RE-03 a group's unit is hidden", FULL, ("",), {("", "eng"), ("", "des")}),
        ("RE-04 not every unit is shown", FULL, ("G",), {("G", "eng"), ("G", "des")}),
        ("RE-05 two PMs", "G1:eng4,des4 G2:eng4,des4", EVERYWHERE, set()),
        (
            "RE-06 PMs with designers only would be told apart from their unit",
            "G1:eng4 G2:eng4 G3:eng4 G4:des4 G5:des4 G6:des4",
            EVERYWHERE,
            set(),
        ),
        (
            "RE-07 one PM in a hundred raters has a designer more: fewer than k",
            "G1:eng8,des4 G2:eng8,des4 G3:eng8,des4 G4:eng8,des3",
            EVERYWHERE,
            {("", "eng"), ("", "des"), ("G", "eng"), ("G", "des")},
        ),
        (
            "RE-09 two product groups side by side",
            "G1:eng4,des4 G2:eng4,des4 G3:eng4,des4 H4:eng4,des4 H5:eng4,des4 H6:eng4,des4",
            EVERYWHERE,
            {(group, name) for group in EVERYWHERE for name in ("eng", "des")},
        ),
        (
            "RE-10 everybody's engineers are those of one hidden product group",
            "G1:eng4 G2:eng4 G3:eng4 H4:des4 H5:des4 H6:des4",
            ("",),
            set(),
        ),
        (
            "RE-11 the one with the most PMs comes first, and leaves too few raters for another",
            "_1:zoo4,art4 _2:zoo4,art4,mar3 _3:zoo4,art4 _4:zoo4",
            EVERYWHERE,
            {("", "zoo")},
        ),
        (
            "RE-08 two PMs of a group are told apart in it, not in the organisation",
            "G1:eng4,des4 G2:eng4,des4 H3:eng4,des4 H4:eng4,des4 H5:eng4,des4",
            EVERYWHERE,
            {("", "eng"), ("", "des")},
        ),
    ],
)
def test_relationships_when_decided_then_follow_the_table(what, text, units, shown):
    decided = decide(company(text), units)
    assert {table for table, reason in decided.items() if reason is None} == shown, what


def test_relationships_when_hidden_then_the_reason_is_the_number_of_pms_or_the_others():
    assert decide(company("G1:eng4,des4 G2:eng4,des4 G3:eng4")) == {
        ("", "eng"): PROTECTS,
        ("", "des"): FEW,
        ("G", "eng"): PROTECTS,
        ("G", "des"): FEW,
    }
    decided = decide(company(FULL), hidden={("", "eng"), ("G", "eng")})
    assert decided[("", "eng")] is PROTECTS
    assert decided[("", "des")] is None


def test_relationships_when_one_by_one_would_take_too_long_then_nothing_is_shown(monkeypatch):
    """Eight shares, and two numbers that may be."""
    text = "_1:zoo4,art4 _2:zoo4,art4,mar3 _3:zoo4,art4 _4:zoo4"
    monkeypatch.setattr("pipeline.disclosure.relationships.MOST_TRIED", 16)
    assert None in decide(company(text)).values()
    monkeypatch.setattr("pipeline.disclosure.relationships.MOST_TRIED", 15)
    assert None not in decide(company(text)).values()


def shares_of(rater_of, count=1, unnamed=0):
    """Three PMs of one group; `rater_of` names the raters of a PM and a relationship."""
    return [
        Share(
            block_no=pm,
            subject_no=pm,
            group_id="",
            relationship=relationship,
            raters=frozenset(rater_of(pm, relationship)),
            unnamed_count=unnamed,
        )
        for pm in (1, 2, 3)
        for relationship in ("eng", "des")
    ]


def engineers(pm):
    """Three engineers of the PM's own."""
    return set(range(100 + 10 * pm, 103 + 10 * pm))


def test_relationships_when_the_same_few_answer_about_everybody_then_they_count_once():
    """Three designers about three PMs are nine responses: of nine people, or of three."""
    own = shares_of(lambda pm, name: engineers(pm) if name == "eng" else range(10 * pm, 10 * pm + 3))
    same = shares_of(lambda pm, name: engineers(pm) if name == "eng" else range(3))
    assert set(decide(own).values()) == {None}
    assert set(decide(same).values()) == {PROTECTS}


def test_relationships_when_nobody_is_named_then_only_enough_in_one_place_count():
    assert set(decide(shares_of(lambda *_: (), unnamed=4)).values()) == {None}
    assert set(decide(shares_of(lambda *_: (), unnamed=3)).values()) == {PROTECTS}


def test_relationships_when_unnamed_people_are_few_everywhere_then_they_may_be_the_same():
    """One unnamed designer about each of five PMs may be one person."""
    shares = [
        Share(block_no=pm, subject_no=pm, group_id="", relationship=name, unnamed_count=count)
        for pm in range(5)
        for name, count in (("eng", 4), ("des", 1))
    ]
    assert set(decide(shares).values()) == {PROTECTS}


def test_relationships_when_one_person_answers_in_two_of_them_then_counts_in_one():
    """A fourth designer makes four; one who is an engineer to others is not counted on here."""

    def designers(pm):
        return {0, 1, 2, 900} if pm == 1 else {0, 1, 2}

    pure = shares_of(lambda pm, name: engineers(pm) if name == "eng" else designers(pm))
    mixed = shares_of(
        lambda pm, name: engineers(pm) | ({900} if pm > 1 else set()) if name == "eng" else designers(pm)
    )
    assert set(decide(pure).values()) == {None}
    assert set(decide(mixed).values()) == {PROTECTS}


SHARES = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["eng", "des", "dat"]),
        st.frozensets(st.integers(0, 11), min_size=1, max_size=5),
    ),
    min_size=2,
    max_size=9,
    unique_by=lambda one: one[:2],
)


def random_shares(drawn):
    """A rater answers about a PM once, in one relationship; about another PM maybe in another."""
    seen = set()
    for pm, relationship, raters in drawn:
        fresh = frozenset(rater for rater in raters if (pm, rater) not in seen)
        seen |= {(pm, rater) for rater in fresh}
        if fresh:
            group = "G" if pm < 3 else "H"
            yield Share(block_no=pm, subject_no=pm, group_id=group, relationship=relationship, raters=fresh)


@given(SHARES, st.integers(2, 4))
def test_any_combination_of_blocks_and_relationships_when_not_zero_then_involves_k_raters(drawn, k):
    """Blocks of any size here: where blocks are too small themselves, no table may make it worse."""
    shares = list(random_shares(drawn))
    decided = decide_relationships(shares, shown_units=EVERYWHERE, min_raters=k, min_pms=2)
    shown = [table for table, reason in decided.items() if reason is None]
    columns = [(share, rater) for share in shares for rater in sorted(share.raters)]
    blocks = [
        [int(share.block_no == no) for share, _ in columns] for no in {share.block_no for share in shares}
    ]
    tables = [
        [int(share.relationship == name and group in ("", share.group_id)) for share, _ in columns]
        for group, name in shown
    ]
    if tables:
        assert fewest_left_over(blocks + tables, [rater for _, rater in columns], k - 1) is None


@given(SHARES)
def test_any_combination_of_units_and_relationships_when_not_zero_then_involves_enough_pms(drawn):
    """Columns are a PM's parts by relationship; rows the organisation, both groups and what is shown."""
    shares = list(random_shares(drawn))
    decided = decide_relationships(shares, shown_units=EVERYWHERE, min_raters=1, min_pms=2)
    shown = [table for table, reason in decided.items() if reason is None]
    rows = [[int(group in ("", share.group_id)) for share in shares] for group in EVERYWHERE]
    rows += [
        [int(share.relationship == name and group in ("", share.group_id)) for share in shares]
        for group, name in shown
    ]
    owners = [share.subject_no for share in shares]
    if fewest_left_over(rows[:3], owners, 1) is None:
        assert fewest_left_over(rows, owners, 1) is None
