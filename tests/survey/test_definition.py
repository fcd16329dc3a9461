"""Finding instruments, their canonical JSON, and what stays frozen once a wave has used it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.config import Settings
from survey.definition import (
    BUILT_IN,
    check_frozen,
    document,
    find_definition,
    find_instrument,
    instrument_from_document,
    load_definitions,
    load_instruments,
    read_instrument,
)
from survey.definition_document import sealed
from survey.errors import DefinitionError
from survey.instrument import Instrument, Item, Prompt, ResponseScale, ScaleKind, SubjectKind, Trait

GREAT_PM = read_instrument(BUILT_IN / "great-pm.yaml")
SOURCE = (BUILT_IN / "great-pm.yaml").read_text(encoding="utf-8")


def own(tmp_path: Path, **files: str) -> Settings:
    """Settings of a deployment with instrument files of its own."""
    settings = Settings(home=tmp_path)
    settings.instruments_path.mkdir(exist_ok=True)
    for name, text in files.items():
        (settings.instruments_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return settings


def test_load_when_a_deployment_has_none_of_its_own_then_gives_the_five_built_in(tmp_path):
    assert [one.instrument_id for one in load_instruments(Settings(home=tmp_path))] == [
        "core-competencies",
        "great-pm",
        "great-pm-pulse",
        "stage-fit",
        "three-lenses",
    ]


def test_find_when_an_own_file_has_a_built_in_id_then_takes_the_own_one(tmp_path):
    settings = own(tmp_path, mine=SOURCE.replace('version: "1.0"', 'version: "1.1"'))
    found = find_definition(settings, "great-pm")
    assert (found.instrument.version, found.is_built_in, found.path.name) == ("1.1", False, "mine.yaml")
    assert find_instrument(settings, "great-pm") in load_instruments(settings)
    assert find_definition(settings, "stage-fit").is_built_in


def test_find_when_the_id_is_unknown_then_suggests_the_nearest(tmp_path):
    with pytest.raises(DefinitionError) as caught:
        find_instrument(Settings(home=tmp_path), "great-mp")
    assert (caught.value.code, caught.value.hint) == ("definition-unknown", "did you mean 'great-pm'?")


def test_find_when_two_own_files_have_the_id_then_says_which(tmp_path):
    settings = own(tmp_path, one=SOURCE, two=SOURCE)
    for search in (lambda: find_instrument(settings, "great-pm"), lambda: load_instruments(settings)):
        with pytest.raises(DefinitionError) as caught:
            search()
        (problem,) = caught.value.problems
        assert (problem.code, Path(problem.file).name) == ("file-twice", "two.yaml")
        assert "one.yaml" in problem.hint
        assert problem.line == SOURCE[: SOURCE.index("\nid:")].count("\n") + 2


def test_find_when_another_own_file_is_broken_then_is_no_obstacle(tmp_path):
    settings = own(tmp_path, broken="id: other\nversion: [", bad=SOURCE.replace("subject: pm", "subject: x"))
    assert find_instrument(settings, "stage-fit").instrument_id == "stage-fit"
    with pytest.raises(DefinitionError):  # never the built-in one in place of a broken own one
        find_instrument(settings, "great-pm")


def test_find_when_a_file_is_no_yaml_then_its_name_counts_as_its_id(tmp_path):
    settings = own(tmp_path, mine="id: mine\nversion: [")
    with pytest.raises(DefinitionError) as caught:
        find_instrument(settings, "mine")
    assert caught.value.problems[0].code == "yaml"


def test_load_when_files_are_broken_then_gives_the_problems_of_all(tmp_path):
    settings = own(tmp_path, one="id: one\nversion: [", two="id: two\n")
    with pytest.raises(DefinitionError) as caught:
        load_definitions(settings)
    assert {Path(problem.file).name for problem in caught.value.problems} == {"one.yaml", "two.yaml"}


def test_read_when_the_file_is_not_there_then_says_so(tmp_path):
    with pytest.raises(DefinitionError) as caught:
        read_instrument(tmp_path / "nowhere.yaml")
    assert caught.value.problems[0].code == "unreadable"


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*.yaml")), ids=lambda path: path.stem)
def test_document_when_read_back_then_is_the_same_instrument(path):
    instrument = read_instrument(path)
    assert instrument_from_document(document(instrument)) == instrument
    assert len(instrument.content_hash) == 64


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"id": 1}', "no json", document(GREAT_PM).replace('"pm"', '"x"')]
)
def test_document_when_damaged_then_is_refused_not_crashed(text):
    with pytest.raises(DefinitionError) as caught:
        instrument_from_document(text)
    assert caught.value.code == "definition-document"


def test_hash_when_layout_changes_then_stays_and_when_a_word_changes_then_differs(tmp_path):
    laid_out = SOURCE.replace("\n", "\n\n").replace("id: great-pm", "# comment\nid:   great-pm")
    reworded = SOURCE.replace("Turns down requests", "Declines requests")
    hashes = []
    for text in (laid_out, reworded):
        (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
        hashes.append(read_instrument(tmp_path / "x.yaml").content_hash)
    assert hashes[0] == GREAT_PM.content_hash != hashes[1]


# --- frozen: what a wave has used ---


def reworded(instrument: Instrument, **changes: object) -> Instrument:
    """The instrument with other words in its first item."""
    first, *others = instrument.items
    items = (replace(first, text={"en": "Other words.", "de": "Andere Worte."}), *others)
    return sealed(replace(instrument, items=items, **changes))


def with_first_item(**changes: object) -> Instrument:
    """Version 2.0 of great-pm, in which the first item changed."""
    first, *others = GREAT_PM.items
    return sealed(replace(GREAT_PM, version="2.0", items=(replace(first, **changes), *others)))


FREE = {
    "nothing was ever used": (GREAT_PM, ()),
    "the same was used": (GREAT_PM, (GREAT_PM,)),
    "new words under a new version": (reworded(GREAT_PM, version="1.1"), (GREAT_PM,)),
    "the pulse shares its items": (read_instrument(BUILT_IN / "great-pm-pulse.yaml"), (GREAT_PM,)),
}


@pytest.mark.parametrize(("instrument", "frozen"), FREE.values(), ids=FREE)
def test_check_frozen_when_nothing_is_contradicted_then_passes(instrument, frozen):
    check_frozen(instrument, frozen)


REFUSED = {
    "new words under a used version": (reworded(GREAT_PM), "frozen", "raise the version to 1.1"),
    "an id changes its trait": (with_first_item(trait_id="focus"), "meaning", "new id"),
    "an id changes its direction": (with_first_item(is_reverse=True), "meaning", "new id"),
    "an id changes its scale": (with_first_item(scale_id="happened"), "meaning", "new id"),
}


@pytest.mark.parametrize(("instrument", "code", "hint"), REFUSED.values(), ids=REFUSED)
def test_check_frozen_when_a_wave_is_contradicted_then_refuses(instrument, code, hint):
    with pytest.raises(DefinitionError) as caught:
        check_frozen(instrument, (GREAT_PM,))
    (problem,) = caught.value.problems
    assert (problem.code, problem.file, problem.line) == (code, "great-pm", 1)
    assert hint in problem.hint


def test_check_frozen_when_versions_were_used_then_proposes_the_next_free_one():
    used = (GREAT_PM, reworded(GREAT_PM, version="1.9"), reworded(GREAT_PM, version="1.10"))
    with pytest.raises(DefinitionError) as caught:
        check_frozen(reworded(GREAT_PM), used, file="great-pm.yaml", lines={"version": 26})
    assert str(caught.value.problems[0]).startswith("great-pm.yaml:26: version 1.0 has changed")
    assert "1.11" in caught.value.problems[0].hint


def test_instrument_when_it_names_a_scale_it_lacks_then_cannot_be_built():
    with pytest.raises(ValueError, match="does not have"):
        replace(GREAT_PM, scales=GREAT_PM.scales[:1])


def test_import_when_only_definitions_are_needed_then_stays_light():
    program = "import sys, survey.definition; print({'python_calamine', 'xlsxwriter', 'rich', 'pandas'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        cwd=BUILT_IN.parents[1],
    )
    assert done.stdout.strip() == "set()"


# --- round trip of any instrument ---

LANGUAGES = ("en", "de")
ids = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True)
words = st.text(min_size=1, max_size=30)
texts = st.fixed_dictionaries(dict.fromkeys(LANGUAGES, words))
numbers = st.decimals(min_value=-999, max_value=999, places=6)


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """Any instrument that can be built, however odd."""
    labels = st.fixed_dictionaries({language: st.tuples(words, words) for language in LANGUAGES})
    scales = tuple(
        ResponseScale(
            scale_id=scale_id,
            kind=draw(st.sampled_from(ScaleKind)),
            low=draw(numbers),
            high=draw(numbers),
            step=draw(numbers),
            labels=draw(labels),
            not_observed=draw(labels),
        )
        for scale_id in draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    )
    scale_ids = st.sampled_from([scale.scale_id for scale in scales])
    traits = tuple(
        Trait(
            trait_id=trait_id,
            title=draw(texts),
            scale_id=draw(scale_ids),
            area_id=draw(st.just("") | ids),
            provenance=draw(words),
            grow=tuple(draw(st.lists(texts, max_size=2))),
            anchors={point: draw(texts) for point in ("low", "middle", "high")},
        )
        for trait_id in draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    )
    items = tuple(
        Item(
            item_id=item_id,
            trait_id=draw(st.sampled_from([trait.trait_id for trait in traits])),
            scale_id=draw(scale_ids),
            is_reverse=draw(st.booleans()),
            is_event=draw(st.booleans()),
            text=draw(texts),
            text_self=draw(texts),
        )
        for item_id in draw(st.lists(ids, max_size=4, unique=True))
    )
    return sealed(
        Instrument(
            instrument_id=draw(ids),
            version=draw(words),
            title=draw(texts),
            languages=LANGUAGES,
            subject_kind=draw(st.sampled_from(SubjectKind)),
            respondents=draw(st.sampled_from([("self",), ("manager", "others")])),
            scales=scales,
            areas=draw(st.dictionaries(ids, texts, max_size=2)),
            traits=traits,
            front=(traits[0].trait_id,),
            items=items,
            prompts=tuple(
                Prompt(prompt_id=prompt_id, text=draw(texts), text_self=draw(texts))
                for prompt_id in draw(st.lists(ids, max_size=2, unique=True))
            ),
            short_form=tuple(item.item_id for item in items[:1]),
            content_hash="",
        )
    )


@given(instruments())
def test_document_of_any_instrument_when_read_back_then_is_equal_to_the_byte(instrument):
    text = document(instrument)
    again = instrument_from_document(text)
    assert again == instrument
    assert document(again) == text
