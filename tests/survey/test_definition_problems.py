"""Every rule an instrument file must meet, with the smallest change that breaks it.

Each line of the table says: take the sound file below, replace one text by another, and exactly
this problem is reported, at the line of the change.
"""

from pathlib import Path

import pytest

from survey.definition import parse_definition
from survey.errors import DefinitionError

SOUND = """\
id: tiny
version: 1.0
title: {en: Tiny, de: Winzig}
languages: [en, de]
subject: pm
respondents: [self, others]
front: [focus]
short_form: [focus_no]
scales:
  often:
    kind: points
    low: 1
    high: 3
    labels:
      en: [never, sometimes, always]
      de: [nie, manchmal, immer]
    not_observed: {en: [cannot tell], de: [weiß nicht]}
  slider:
    kind: range
    low: 0
    high: 10
    labels: {en: [cold, hot], de: [kalt, warm]}
  happened:
    kind: event
    labels: {en: [no, yes], de: [nein, ja]}
areas:
  work: {en: Work, de: Arbeit}
traits:
  focus:
    title: {en: Focus, de: Fokus}
    area: work
    provenance: Made up for this test.
    anchors:
      low: {en: Takes all, de: Nimmt alles}
      middle: {en: Takes some, de: Nimmt manches}
      high: {en: Takes little, de: Nimmt wenig}
    grow:
      - {en: Say no once, de: Sag einmal Nein}
    items:
      focus_no:
        text: {en: Says no., de: Sagt Nein.}
        self: {en: I say no., de: Ich sage Nein.}
      focus_all:
        reverse: true
        text: {en: Says yes to all., de: Sagt Ja zu allem.}
        self: {en: I say yes to all., de: Ich sage Ja zu allem.}
      focus_stop:
        scale: happened
        text: {en: Stopped one., de: Hat eins beendet.}
        self: {en: I stopped one., de: Ich habe eins beendet.}
prompts:
  helped:
    text: {en: What helped?, de: Was half?}
    self: {en: What helped you?, de: Was half dir?}
"""

TABLE = [
    # replace this                        by that                          line  code                 the hint holds
    ("version: 1.0",                      "version: one",   2, "form",               "like 1.0"),
    ("id: tiny",                          "id: Tiny One",   1, "form",               "like great-pm"),
    ("subject: pm",                       "subject: team",   5, "choice-unknown",     "pm, unit"),
    ("subject: pm",                       "subjekt: pm",   5, "key-unknown",        "did you mean 'subject'?"),
    ("subject: pm",                       "subject: unit",   6, "respondent-self",    "leave 'self' out"),
    ("subject: pm\n",                     "",   1, "key-missing",        "add 'subject: ...'"),
    ("subject: pm",                       "subject: pm\nsubject: pm",   6, "key-twice",          "line 5"),
    ("subject: pm",                       "subject:",   5, "text-empty",         "write the text"),
    ("subject: pm",                       "subject: [pm]",   5, "shape",              "behind the colon"),
    ("[self, others]",                    "[self, other]",   6, "respondent-unknown", "did you mean 'others'?"),
    ("[self, others]",                    "[self, others, self]",   6, "listed-twice",       "delete one"),
    ("[self, others]",                    "others",   6, "shape",              "write [a, b]"),
    ("front: [focus]",                    "front: [fokus]",   7, "trait-unknown",      "did you mean 'focus'?"),
    ("short_form: [focus_no]",            "short_form: [focus_yes]",   8, "item-unknown",       "did you mean 'focus_"),
    ("{en: Tiny, de: Winzig}",            "{en: Tiny}",   3, "language-missing",   "add 'de: ...'"),
    ("{en: Tiny, de: Winzig}",            "{en: Tiny, de: Winzig, fr: Petit}",   3, "language-unknown",  "use one of: en, de"),
    ("{en: Tiny, de: Winzig}",            "Tiny",   3, "shape",              "indent them below"),
    ("{en: Tiny, de: Winzig}",            "{en: '', de: Winzig}",   3, "text-empty",         "write the text"),
    ("    kind: points",                  "    kind: stars",  11, "choice-unknown",     "points, range, event"),
    ("    low: 1\n",                      "",  10, "key-missing",        "add a line"),
    ("    low: 1",                        "    low: one",  12, "number",             "write it as 5 or 0.5"),
    ("    low: 1",                        "    low: 0.1234567",  12, "number",             "at most six decimals"),
    ("    low: 1",                        "    low: 3",  13, "scale-ends",         "swap them"),
    ("    low: 0",                        "    low: -1000",  21, "scale-ends",         "smaller units"),
    ("    high: 10",                      "    high: 1000",  21, "scale-ends",         "smaller units"),
    ("    high: 10",                      "    high: 10\n    step: 1",  22, "scale-ends",         "delete the line"),
    ("    kind: event",                   "    kind: event\n    high: 1",  25, "scale-ends",         "delete the line"),
    ("    high: 3",                       "    high: 3\n    step: 0.7",  14, "scale-step",         "kind: range"),
    ("    high: 3",                       "    high: 3\n    step: 0.01",  14, "scale-step",         "kind: range"),
    ("    high: 3",                       "    high: 3\n    step: 0",  14, "scale-step",         "kind: range"),
    ("[never, sometimes, always]",        "[never, always]",  15, "label-count",        "one label per point"),
    ("[never, sometimes, always]",        "[]",  15, "label-count",        "one label per point"),
    ("{en: [cold, hot], ",                "{en: [cold, mild, hot], ",  22, "label-count",        "a range and an event have two"),
    ("[weiß nicht]",                      "[weiß nicht, nie gesehen]",  17, "label-count",        "one label per point"),
    ("[cannot tell]",                     "[Never]",  10, "label-twice",        "its own words"),
    ("  often:",                          "  Often one:",  10, "form",               "like taste_reasons"),
    ("    area: work",                    "    area: play",  31, "area-unknown",       "use one of: work"),
    ("    area: work\n",                  "",  29, "key-missing",        "add 'area: ...'"),
    ("    area: work",                    "    area: work\n    scale: seldom",  32, "scale-unknown",    "often, slider, happened"),
    ("    area: work",                    "    area: work\n    scale: happened",  32, "scale-kind",     "in the event item"),
    ("    provenance: Made up for this test.\n", "",  29, "key-missing",        "add 'provenance: ...'"),
    ("      low: {en: Takes all, de: Nimmt alles}\n", "",  33, "key-missing",        "add 'low: ...'"),
    ("    grow:\n      - {en: Say no once, de: Sag einmal Nein}", "    grow: []",  37, "grow-none",     "next week"),
    ("        reverse: true\n",            "        scale: happened\n",  39, "items-few",          "event items do not count"),
    ("        text: {en: Says no., ",     "        reverse: true\n        text: {en: Says no., ",  40, "reverse-first", "before it"),
    ("        reverse: true",              "        reverse: maybe",  44, "choice-unknown",     "true, false"),
    ("        scale: happened",            "        scale: happend",  48, "scale-unknown",      "did you mean 'happened'?"),
    ("        scale: happened",            "        scale: slider",  48, "scale-kind",         "only an event item"),
    ("        scale: happened",            "        scale: happened\n        reverse: true",  49, "reverse-event", "delete one"),
    ("        self: {en: I say no., de: Ich sage Nein.}\n", "",  40, "key-missing",        "add 'self: ...'"),
    ("      focus_stop:",                  "      Stop:",  47, "form",               "beginning with a letter"),
    ("      focus_stop:",                  "      value:",  47, "id-reserved",        "another id"),
    ("  helped:",                          "  focus_all:",  52, "id-twice",           "line 43"),
    ("  work: {en: Work, de: Arbeit}",    "  work: &x {en: Work, de: Arbeit}\n  play: *x",  28, "alias", "write that part out"),
]  # fmt: skip


def problems_of(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in refusal(text.encode()).problems]


def refusal(source: bytes) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        parse_definition(source, Path("tiny.yaml"))
    return caught.value


def test_sound_file_when_parsed_then_is_an_instrument():
    instrument = parse_definition(SOUND.encode(), Path("tiny.yaml")).instrument
    assert [item.scale_id for item in instrument.items] == ["often", "often", "happened"]
    assert [item.is_reverse for item in instrument.items] == [False, True, False]
    assert instrument.scale("happened").labels["en"] == ("no", "yes")


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "hint"), TABLE, ids=[f"{row[3]}-{row[1][:20].strip()}" for row in TABLE]
)
def test_file_when_one_thing_is_wrong_then_says_where_and_what_to_do(old, new, line, code, hint):
    assert SOUND.count(old) == 1, "the table must change one place"
    (problem,) = refusal(SOUND.replace(old, new).encode()).problems
    assert (problem.file, problem.line, problem.code) == ("tiny.yaml", line, code)
    assert hint in problem.hint


def test_file_when_many_things_are_wrong_then_says_all_by_line():
    text = SOUND.replace("version: 1.0", "version: one").replace("reverse: true", "reverse: ja")
    text = text.replace("high: 10", "high: ten").replace("de: Was half?", "fr: Quoi?")
    assert problems_of(text) == [
        (2, "form"),
        (21, "number"),
        (44, "choice-unknown"),
        (53, "language-unknown"),
        (53, "language-missing"),
    ]


def test_refusal_when_printed_then_names_file_line_and_next_step():
    error = refusal(SOUND.replace("subject: pm", "subjekt: pm\nsubject: pm").encode())
    assert str(error.problems[0]) == (
        "tiny.yaml:5: the instrument has no 'subjekt' -> did you mean 'subject'?"
    )
    assert error.exit_code == 3
    assert error.message == "1 problem in 1 instrument file"


NO_YAML = [
    (b"", 1, "empty"),
    (b"# only a comment\n", 1, "empty"),
    (b"id: tiny\n\ttitle: x\n", 2, "yaml"),
    (b"id: tiny\ntitle: Say: no\n", 2, "yaml"),
    (b"id: tiny\ntitle: [a, b\n", 3, "yaml"),
    (b"id: a\n---\nid: b\n", 2, "yaml"),
    (b"id: tiny\ntitle: a\x07b\n", 2, "yaml"),
    ("id: tiny\ntitle: Größe\n".encode("latin-1"), 2, "encoding"),
    ("id: tiny\n".encode("utf-16"), 1, "encoding"),
    (b"- a\n- b\n", 1, "shape"),
    (b"just words\n", 1, "shape"),
]


@pytest.mark.parametrize(("source", "line", "code"), NO_YAML)
def test_file_when_it_is_no_yaml_mapping_then_says_the_line(source, line, code):
    problem = refusal(source).problems[0]
    assert (problem.line, problem.code) == (line, code)


def test_file_when_nested_without_end_then_is_refused_not_crashed():
    assert refusal(b"a: " + b"[" * 100_000).problems[0].code == "yaml"


@pytest.mark.parametrize("section", ["scales", "traits"])
def test_section_when_it_holds_nothing_then_says_so(section):
    lines = SOUND.splitlines()
    start = lines.index(f"{section}:")
    end = next(place for place in range(start + 1, len(lines)) if not lines[place].startswith(" "))
    text = "\n".join((*lines[:start], f"{section}: {{}}", *lines[end:]))
    assert (start + 1, "nothing") in problems_of(text)


def test_wording_when_a_group_is_not_asked_then_shares_the_other_groups():
    text = "\n".join(
        line for line in SOUND.splitlines() if not line.startswith(("        self:", "    self:"))
    )
    instrument = parse_definition(
        text.replace("[self, others]", "[manager, others]").encode(), Path("tiny.yaml")
    ).instrument
    assert instrument.items[0].text_self == instrument.items[0].text == {"en": "Says no.", "de": "Sagt Nein."}


def test_range_when_it_has_one_item_then_is_enough_since_it_may_be_a_score():
    start = SOUND.index("      focus_all:")
    text = SOUND[:start] + SOUND[SOUND.index("prompts:") :]
    instrument = parse_definition(
        text.replace("    area: work", "    area: work\n    scale: slider").encode(), Path("tiny.yaml")
    ).instrument
    assert [item.scale_id for item in instrument.items] == ["slider"]
    assert str(instrument.scale("slider").step) == "0.500000"
    assert instrument.scale("slider").points == ()


def test_file_when_saved_with_bom_and_crlf_then_is_the_same_instrument():
    one = parse_definition(SOUND.encode(), Path("tiny.yaml"))
    other = parse_definition(SOUND.replace("\n", "\r\n").encode("utf-8-sig"), Path("tiny.yaml"))
    assert one.instrument == other.instrument
    assert one.lines == other.lines == {
        "id": 1, "version": 2, "focus_no": 40, "focus_all": 43, "focus_stop": 47,
    }  # fmt: skip
