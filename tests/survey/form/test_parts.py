"""The small pure parts: order, pieces, limits, hidden field, fields, careless signs."""

import gzip
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.form.careless import is_fast, is_straight, longest_run
from survey.form.entry import LONGEST_COMMENT, field_items, read_entry, write_entry
from survey.form.limit import Limit, Rate
from survey.form.order import ORDER_COUNT, item_order, order_no
from survey.form.packed import gzip_body, pack, wrap
from survey.form.part import Part
from survey.form.questionnaire import Questionnaire
from survey.form.seal import Seal, make_seal, read_seal
from survey.instrument import ResponseScale, ScaleKind
from survey.language import languages, wording
from survey.response import Response
from tests.rating_world import built_in

INSTRUMENTS = ("great-pm", "great-pm-pulse", "core-competencies", "three-lenses", "stage-fit")


@pytest.mark.parametrize("instrument_id", INSTRUMENTS)
def test_order_when_made_then_traits_are_apart_and_no_reverse_item_is_first(instrument_id, tmp_path):
    instrument = built_in(instrument_id, tmp_path)
    orders = [item_order(instrument, number) for number in range(ORDER_COUNT)]

    for order in orders:
        assert sorted(item.item_id for item in order) == sorted(item.item_id for item in instrument.items)
        assert all(one.trait_id != two.trait_id for one, two in pairwise(order))
        assert not order[0].is_reverse
    assert len(set(orders_by_id(orders))) == ORDER_COUNT
    assert [item.item_id for item in item_order(instrument, 3)] == [item.item_id for item in orders[3]]


def orders_by_id(orders):
    return [tuple(item.item_id for item in order) for order in orders]


def test_order_number_when_taken_from_many_secrets_then_all_orders_come_up():
    assert {order_no(f"secret-{number}") for number in range(2000)} == set(range(ORDER_COUNT))


@given(st.lists(st.tuples(st.binary(max_size=500), st.booleans()), max_size=8))
def test_pieces_when_joined_then_they_are_one_sound_gzip_body(pieces):
    packed = tuple(pack(plain) if is_packed else wrap(plain) for plain, is_packed in pieces)
    assert gzip.decompress(gzip_body(packed)) == b"".join(plain for plain, _ in pieces)


def test_piece_when_too_long_to_be_stored_as_it_is_then_it_is_compressed():
    assert gzip.decompress(gzip_body((wrap(b"a" * 70_000),))) == b"a" * 70_000


def test_limit_when_used_up_then_it_fills_again_with_time():
    limit = Limit(Rate(burst=2, per_second=1))
    taken = [limit.takes("one", 0.0) for _ in range(3)]

    assert taken == [True, True, False]
    assert limit.takes("another", 0.0)
    assert [limit.takes("one", 1.0), limit.takes("one", 1.0)] == [True, False]


def test_limit_when_there_are_too_many_keys_then_the_oldest_is_forgiven():
    limit = Limit(Rate(burst=1, per_second=0))
    for key in range(2_001):
        limit.takes(key, 0.0)
    assert [limit.takes(0, 0.0), limit.takes(2_000, 0.0)] == [True, False]


@given(st.integers(0, 2**63), st.integers(0, 500))
def test_hidden_field_when_read_with_what_it_was_made_for_then_it_says_the_same(opened_ms, filled):
    seal = Seal(opened_ms=opened_ms, filled_count=filled)
    text = make_seal(b"k" * 32, "secret", "p-ada", seal)

    assert read_seal(b"k" * 32, "secret", "p-ada", text) == seal
    assert read_seal(b"k" * 32, "secret", "p-bo", text) is None
    assert read_seal(b"k" * 32, "other", "p-ada", text) is None
    assert read_seal(b"x" * 32, "secret", "p-ada", text) is None


@given(st.text(max_size=200))
def test_hidden_field_when_it_is_anything_else_then_it_says_nothing(text):
    assert read_seal(b"k" * 32, "secret", "p-ada", text) is None


@given(st.data())
def test_fields_when_written_and_read_then_the_response_is_the_same(tmp_path_factory, data):
    instrument = built_in("great-pm", tmp_path_factory.getbasetemp())
    items = field_items(instrument)
    fields = {one.field: data.draw(st.sampled_from([*one.choices, "", "7", "nonsense"])) for one in items} | {
        "p0": data.draw(st.text(max_size=40)),
        "s0": "1",
    }

    response = read_entry(fields, items, instrument, "p-kim")

    assert read_entry(dict(write_entry(response, items, instrument)), items, instrument, "p-kim") == response
    assert all(one.signed_by == "p-kim" for one in response.comments.values())


def test_comment_when_it_is_too_long_or_holds_control_characters_then_it_is_cut_and_cleaned(tmp_path):
    instrument = built_in("great-pm", tmp_path)
    response = read_entry({"p0": "a\x00b\r\nc" + "d" * 9000}, field_items(instrument), instrument, "p-kim")

    (comment,) = response.comments.values()
    assert comment.text.startswith("ab\nc")
    assert len(comment.text) == LONGEST_COMMENT


def ranged(instrument):
    scale = ResponseScale(
        scale_id="frequency",
        kind=ScaleKind.RANGE,
        low=Decimal(0),
        high=Decimal(100),
        step=Decimal(1),
        labels={"en": ("never", "always")},
        not_observed={"en": ("cannot say",)},
    )
    others = tuple(one for one in instrument.scales if one.scale_id != "frequency")
    return replace(instrument, scales=(scale, *others))


@pytest.mark.parametrize(
    ("sent", "rating", "option"),
    [
        ({"q0": "42.5"}, Decimal("42.5"), None),
        ({"q0": "42,5"}, Decimal("42.5"), None),
        ({"q0": "101"}, None, None),
        ({"q0": "1e3"}, None, None),
        ({"q0n": "n0"}, None, 0),
        ({"q0": "7", "q0n": "n0"}, Decimal(7), None),
    ],
)
def test_range_when_answered_then_only_numbers_within_it_count(tmp_path, sent, rating, option):
    instrument = ranged(built_in("great-pm", tmp_path))
    questionnaire = Questionnaire(instrument)
    first = instrument.items[0].item_id

    response = read_entry(sent, questionnaire.items, instrument, "p-kim")
    page = questionnaire.filled_piece(wording("en"), Part.OTHERS, 0, response).plain.decode()

    assert (response.ratings.get(first), response.not_observed.get(first)) == (rating, option)
    assert "A number from 0 (never) to 100 (always)" in page
    if rating is not None:
        assert f"name=q0 value={rating} type=number" in page
    if option is not None:
        assert "name=q0n value=n0 checked" in page


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("instrument_id", INSTRUMENTS)
def test_questions_when_rendered_then_every_text_is_there_in_the_language(instrument_id, language, tmp_path):
    instrument = built_in(instrument_id, tmp_path)
    part = Part.ALONE if instrument.respondents == ("self",) else Part.OTHERS
    html = Questionnaire(instrument).piece(wording(language), part, 0).plain.decode()

    for item in instrument.items:
        text = (item.text_self if part.is_self else item.text)[language]
        assert text.replace("'", "&#39;").replace('"', "&#34;") in html
    assert html.count("<fieldset>") == len(instrument.items)


def test_questions_when_the_language_is_missing_then_they_speak_english(tmp_path):
    instrument = built_in("great-pm", tmp_path)
    items = tuple(replace(one, text={"da": "Siger nej.", "en": one.text["en"]}) for one in instrument.items)
    html = Questionnaire(replace(instrument, items=items)).piece(wording("de"), Part.OTHERS, 0).plain.decode()
    assert "Siger nej." not in html
    assert "Compares options with real examples" in html


def test_careless_signs_when_judged_then_runs_and_pace_decide(tmp_path):
    instrument = built_in("great-pm", tmp_path)
    order = item_order(instrument, 0)
    same = Response(ratings={item.item_id: Decimal(3) for item in order})
    mixed = Response(ratings={item.item_id: Decimal(1 + place % 3) for place, item in enumerate(order)})
    opened = Seal(opened_ms=1_000_000, filled_count=0)

    assert longest_run(mixed, order) == 1
    assert (is_straight(same, order), is_straight(mixed, order)) == (True, False)
    assert is_fast(mixed, opened, 1_000_000 + 47_000)
    assert not is_fast(mixed, opened, 1_000_000 + 49_000)
    assert not is_fast(mixed, Seal(opened_ms=0, filled_count=0), 1)
    assert not is_fast(mixed, Seal(opened_ms=1_000_000, filled_count=24), 1_000_001)
