"""The five instruments that come with the program: complete, in the agreed shape, and well asked."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from survey.definition import BUILT_IN, read_instrument
from survey.instrument import Instrument, ScaleKind, SubjectKind, Text

SHIPPED = {path.stem: read_instrument(path) for path in sorted(BUILT_IN.glob("*.yaml"))}
GREAT_PM, PULSE = SHIPPED["great-pm"], SHIPPED["great-pm-pulse"]
FRONT = ("taste", "honesty", "clarity", "focus")

every_instrument = pytest.mark.parametrize("instrument", SHIPPED.values(), ids=SHIPPED)


def texts_of(instrument: Instrument) -> Iterator[Text]:
    yield instrument.title
    yield from instrument.areas.values()
    for trait in instrument.traits:
        yield from (trait.title, *trait.grow, *trait.anchors.values())
    for asked in (*instrument.items, *instrument.prompts):
        yield from (asked.text, asked.text_self)


SHAPES = [
    # instrument         subject           respondents                     traits  items  prompts  reverse  events
    ("great-pm",          SubjectKind.PM,   ("self", "manager", "others"),  6,     24,    2,       6,       1),
    ("great-pm-pulse",    SubjectKind.PM,   ("self", "manager", "others"),  6,     12,    1,       0,       0),
    ("core-competencies", SubjectKind.PM,   ("self", "manager", "others"), 12,     24,    2,       0,       0),
    ("three-lenses",      SubjectKind.UNIT, ("others",),                    3,     12,    2,       3,       0),
    ("stage-fit",         SubjectKind.PM,   ("self",),                      7,     14,    1,       0,       0),
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=[shape[0] for shape in SHAPES])
def test_shipped_instrument_when_read_then_has_the_agreed_shape(shape):
    name, *agreed = shape
    instrument = SHIPPED[name]
    assert (instrument.instrument_id, instrument.version) == (name, "1.0")
    assert agreed == [
        instrument.subject_kind,
        instrument.respondents,
        len(instrument.traits),
        len(instrument.items),
        len(instrument.prompts),
        sum(item.is_reverse for item in instrument.items),
        sum(item.is_event for item in instrument.items),
    ]


def test_great_pm_when_read_then_asks_four_items_per_trait_with_one_reverse_each():
    assert Counter(item.trait_id for item in GREAT_PM.items) == {
        trait.trait_id: 4 for trait in GREAT_PM.traits
    }
    assert Counter(item.trait_id for item in GREAT_PM.items if item.is_reverse) == {
        trait.trait_id: 1 for trait in GREAT_PM.traits
    }
    assert [item.item_id for item in GREAT_PM.items if item.is_event] == ["honesty_stopped"]
    assert len(GREAT_PM.scaled_items("honesty")) == 3
    assert GREAT_PM.front == PULSE.front == FRONT


def test_event_scale_when_nothing_was_seen_then_offers_two_ways_to_say_so():
    scale = GREAT_PM.scale("happened")
    assert (scale.kind, scale.points, scale.labels["en"]) == (ScaleKind.EVENT, (0, 1), ("no", "yes"))
    assert scale.not_observed["en"] == ("no occasion", "do not know")


def test_pulse_when_compared_with_great_pm_then_asks_the_same_items_in_the_same_words():
    great_pm = {item.item_id: item for item in GREAT_PM.items}
    assert all(item == great_pm[item.item_id] for item in PULSE.items)
    assert {item.item_id for item in PULSE.items} == set(GREAT_PM.short_form)
    assert Counter(item.trait_id for item in PULSE.items) == {trait.trait_id: 2 for trait in GREAT_PM.traits}
    assert PULSE.traits == GREAT_PM.traits
    assert PULSE.scale("frequency") == GREAT_PM.scale("frequency")
    assert all(prompt in GREAT_PM.prompts for prompt in PULSE.prompts)


def test_core_competencies_when_read_then_has_three_areas_of_four_competencies_of_two_items():
    core = SHIPPED["core-competencies"]
    assert Counter(trait.area_id for trait in core.traits) == dict.fromkeys(core.areas, 4)
    assert set(Counter(item.trait_id for item in core.items).values()) == {2}
    assert len(core.areas) == 3


def test_stage_fit_when_read_then_asks_good_at_and_enjoy_for_each_stage_and_todays_stage():
    fit = SHIPPED["stage-fit"]
    assert {trait.trait_id for trait in fit.traits} == {
        *(f"{area}_{stage}" for area in ("good", "enjoy") for stage in ("early", "growth", "enterprise")),
        "stage_today",
    }
    assert len(fit.scale(fit.trait("stage_today").scale_id).points) == 3
    assert all(item.text == item.text_self for item in fit.items)


@every_instrument
def test_texts_when_read_then_are_complete_in_english_and_german(instrument):
    assert instrument.languages == ("en", "de")
    for text in texts_of(instrument):
        assert set(text) == {"en", "de"}
        assert all(text.values())


@every_instrument
def test_items_when_read_then_are_short_statements_of_one_behaviour(instrument):
    for item in instrument.items:
        for text in (item.text, item.text_self):
            assert text["en"].endswith("."), text
            assert text["de"].endswith("."), text
            assert len(text["en"]) <= 90, text
            # one behaviour: nothing joined; no adverb of quality or frequency: the scale asks how often
            assert not re.search(r"\b(and|or|and/or)\b", text["en"]), text
            assert not re.search(r"\b(und|oder)\b", text["de"]), text
            assert not re.search(r"\b(?!only|daily)\w+ly\b|\b(often|always|never|very|well)\b", text["en"]), (
                text
            )
            assert not re.search(r"\b(oft|immer|nie|sehr|häufig|selten)\b", text["de"]), text


@every_instrument
def test_items_when_others_and_self_are_asked_then_self_reads_the_first_person(instrument):
    if "self" in instrument.respondents:
        for item in instrument.items:
            assert re.search(r"\b(I|my|mine)\b", item.text_self["en"]), item.item_id
            assert re.search(r"\b([Ii]ch|mir|mich|mein\w*)\b", item.text_self["de"]), item.item_id


@every_instrument
def test_wordings_when_compared_then_no_two_items_ask_the_same(instrument):
    for language in instrument.languages:
        wordings = [item.text[language] for item in instrument.items]
        assert len(set(wordings)) == len(wordings)


@every_instrument
def test_traits_when_read_then_say_where_they_come_from_and_what_to_try_next(instrument):
    for trait in instrument.traits:
        assert "What is Product Management?" in trait.provenance
        assert 2 <= len(trait.grow) <= 4
        assert set(trait.anchors) == {"low", "middle", "high"}


@every_instrument
def test_scales_when_points_then_keep_not_enough_exposure_apart(instrument):
    for scale in instrument.scales:
        assert all(scale.not_observed[language] for language in instrument.languages)
        assert not set(scale.labels["en"]) & set(scale.not_observed["en"])
