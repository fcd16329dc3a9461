"""A made-up release, written by hand straight into a release file, for figures, views and browser."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.release import AT_ONCE, GROUPS, REASONS, STANDINGS, Group, Reason, Release, Releases, Stand
from survey.campaign import parse_period
from survey.config import Settings
from survey.definition_document import document
from survey.instrument import Instrument
from tests.made_up_instruments import CORE, GREAT_PM, STAGE_FIT, THREE_LENSES
from tests.made_up_people import write_people

Pair = tuple[str, str]
SCHEMA = Path(__file__).parents[2] / "pipeline" / "sql" / "schema" / "release.sql"
PERIODS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2")
UNITS = (
    ("Product", "", "Product"),
    ("Product/Growth", "Product", "Growth"),
    ("Product/Growth/Activation", "Product/Growth", "Activation"),
    ("Product/Platform", "Product", "Platform"),
    ("Product/Small <b>", "Product", "Small <b>"),
)
ADA, NOA, BO, SAM = "p-ada", "p-noa", "p-bo", "p-sam"
"""Four waves; first wave only; suppressed in the latest wave; never part of a wave of the first row."""
PEOPLE = (
    (ADA, "Ada Example"),
    (NOA, "Noa ![x](http://example.invalid/x.png)"),
    (BO, "Bo Example"),
    (SAM, "Sam Example"),
)


def number(numbers: dict[tuple[str, ...], int], key: tuple[str, ...]) -> int:
    return numbers.setdefault(key, len(numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Rows of a release, by table, before they are written; names become numbers as in the real file."""

    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    waves: dict[tuple[str, ...], int] = field(default_factory=dict)
    scopes: dict[tuple[str, ...], int] = field(default_factory=dict)
    measures: dict[tuple[str, ...], int] = field(default_factory=dict)

    def add(self, table: str, *values: object) -> None:
        self.rows.setdefault(table, []).append(values)

    def wave(
        self,
        of: Instrument,
        period: str,
        *,
        state: str = "published",
        reason: str = "",
        unit_date: date = AT_ONCE,
    ) -> str:
        span, wave_id = parse_period(period), f"{of.instrument_id}/{period}"
        self.add(
            "wave", number(self.waves, (wave_id,)), wave_id, of.instrument_id, period, span.starts_on, span.ends_on,
            of.instrument_id, of.version, of.content_hash, state, reason, date(2025, 7, 1), "policy", 4, 3,
            211, 204, 4812, 4790, unit_date,
        )  # fmt: skip
        return wave_id

    def instrument(self, of: Instrument) -> None:
        self.add("instrument", of.instrument_id, of.version, of.content_hash, [document(of)])

    def subject(self, wave_id: str, subject_id: str, kind: str, name: str, unit_id: str) -> None:
        scope_no = number(self.scopes, ("subject", subject_id))
        self.add("subject", self.waves[wave_id,], scope_no, kind, name, unit_id, "senior", "growth", "growth")

    def unit(self, wave_id: str, unit_id: str, parent_id: str, name: str) -> None:
        self.add("unit", self.waves[wave_id,], number(self.scopes, ("unit", unit_id)), parent_id, name)

    def cell(self, wave_id: str, of: Pair, group: Group, measure: Pair, *numbers: object) -> None:
        places = (
            self.waves[wave_id,],
            number(self.scopes, of),
            GROUPS.index(group),
            number(self.measures, measure),
        )
        self.add("cell", *places, *numbers)

    def others(self, wave_id: str, of: Pair, measure: Pair, score: float, **more: float) -> None:
        half = more.get("half", 0.5)
        counts = (more.get("rater_count", 7), more.get("pm_count", 1), more.get("bound_no", 0))
        self.cell(wave_id, of, Group.OTHERS, measure, 0, score, True, score - half, score + half, *counts)

    def single(self, wave_id: str, subject_id: str, group: str, measure: Pair, score: float) -> None:
        self.cell(wave_id, ("subject", subject_id), Group(group), measure, 0, score, False, 0, 0, 1, 1, 0)

    def hidden(self, wave_id: str, of: Pair, measure: Pair, reason: str) -> None:
        self.cell(wave_id, of, Group.OTHERS, measure, REASONS.index(Reason(reason)), 0, False, 0, 0, 0, 0, 0)

    def comment(self, wave_id: str, subject_id: str, group: str, words: str, signer: str = "") -> None:
        place = len(self.rows.get("comment", ())) + 1
        texts = [list(map(ord, text)) for text in ("helped_most", signer, words)]
        scope_no = number(self.scopes, ("subject", subject_id))
        self.add(
            "comment", self.waves[wave_id,], scope_no, GROUPS.index(Group(group)), place, place * 7, *texts
        )

    def line(
        self, of: Pair, trait_id: str, wave_id: str, score: float, *, half: float = 0.5, count: int = 7
    ) -> None:
        places = number(self.scopes, of), number(self.measures, ("trait", trait_id)), 1, self.waves[wave_id,]
        self.add("line", *places, 3, score, score - half, score + half, count)

    def change(self, of: Pair, trait_id: str, wave_id: str, since: str, verdict_no: int) -> None:
        places = number(self.scopes, of), number(self.measures, ("trait", trait_id)), 0, self.waves[since,]
        self.add("change", self.waves[wave_id,], *places, 1.5, 0.9, 2.1, 0.6, verdict_no)

    def standing(self, wave_id: str, subject_id: str, trait_id: str, stand: Stand) -> None:
        places = number(self.scopes, ("subject", subject_id)), number(self.measures, ("trait", trait_id))
        is_distinct = stand in (Stand.STRENGTH, Stand.TO_WORK_ON)
        self.add("standing", self.waves[wave_id,], *places, STANDINGS.index(stand), is_distinct)

    def write(self, path: Path) -> None:
        self.rows["scope"] = [(place, *key) for key, place in self.scopes.items()]
        self.rows["measure"] = [(place, *key) for key, place in self.measures.items()]
        with duckdb.connect() as connection:
            connection.execute(f"attach '{path}' as release")
            connection.execute(SCHEMA.read_text(encoding="utf-8"))
            for table, rows in self.rows.items():
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"insert into release.{table} values ({marks})", rows)  # noqa: S608 - our tables
            connection.execute("detach release")
        (path.parent / "CURRENT").write_text(f"{path.name}\n", encoding="utf-8")


FOCUS_RISES = {"taste": (3.6, 3.7, 3.5, 3.8), "honesty": (4.1, 4.0, 4.2, 4.1), "clarity": (3.1, 3.3, 3.2, 3.4),
               "focus": (2.4, 2.7, 3.5, 3.9), "communication": (3.3, 3.4, 3.3, 3.2), "follow_through": (4.0, 3.9, 4.1, 4.2)}  # fmt: skip


CANNOT_TELL, RISEN = 1, 2
STANDS_OUT = {"honesty": Stand.STRENGTH, "clarity": Stand.TO_WORK_ON}


def first_row(draft: Draft) -> None:
    waves = [draft.wave(GREAT_PM, period) for period in PERIODS]
    draft.wave(GREAT_PM, "2025Q2", state="withdrawn", reason="half the invitations never arrived")
    for wave_id in waves:
        for person_id, name in PEOPLE[:3]:
            draft.subject(wave_id, person_id, "pm", name, "Product/Growth/Activation")
    for trait_id, scores in FOCUS_RISES.items():
        for place, score in enumerate(scores):
            ada(draft, waves[place], trait_id, score)
            draft.line(("subject", ADA), trait_id, waves[place], score)
        for of in (("subject", ADA), *(("unit", unit_id) for unit_id, _, _ in UNITS[:-1])):
            draft.change(of, trait_id, waves[-1], waves[0], RISEN if trait_id == "focus" else CANNOT_TELL)
        noa(draft, waves[-1], trait_id, scores[-1])
        draft.standing(waves[-1], ADA, trait_id, STANDS_OUT.get(trait_id, Stand.LIKE_THE_REST))
        draft.hidden(waves[-1], ("subject", BO), ("trait", trait_id), "too_few_raters")
        draft.single(waves[-1], BO, "self", ("trait", trait_id), 4.0)
        for place, wave_id in enumerate(waves):
            units(draft, wave_id, trait_id, scores[place])


MEAN_WORDS = "Ask **why** <b>more</b> ![x](http://example.invalid/x.png)"


def in_words(draft: Draft) -> None:
    wave_id = f"{GREAT_PM.instrument_id}/{PERIODS[-1]}"
    draft.add("comment_rule", draft.waves[wave_id,], 5, 2)
    draft.comment(wave_id, ADA, "others", MEAN_WORDS)
    draft.comment(wave_id, ADA, "others", "Thank you for the plan.", "Kim *Example*")
    draft.comment(wave_id, ADA, "others", "Keep saying no.")
    draft.comment(wave_id, ADA, "self", "I said no twice.")
    draft.comment(wave_id, ADA, "manager", "A good quarter.")


def ada(draft: Draft, wave_id: str, trait_id: str, score: float) -> None:
    draft.others(wave_id, ("subject", ADA), ("trait", trait_id), score)
    draft.single(wave_id, ADA, "self", ("trait", trait_id), min(score + 0.4, 5.0))
    draft.single(wave_id, ADA, "manager", ("trait", trait_id), score - 0.2)
    for number in (1, 2):
        draft.others(
            wave_id, ("subject", ADA), ("item", f"{trait_id}_{number}"), score + number / 10, rater_count=6
        )
        draft.single(wave_id, ADA, "self", ("item", f"{trait_id}_{number}"), 4.0)
    draft.hidden(wave_id, ("subject", ADA), ("item", f"{trait_id}_3"), "too_little_exposure")
    if trait_id == "honesty":
        draft.others(wave_id, ("subject", ADA), ("event", "honesty_4"), 0.5, half=0.2, rater_count=5)


def noa(draft: Draft, wave_id: str, trait_id: str, score: float) -> None:
    draft.others(wave_id, ("subject", NOA), ("trait", trait_id), score)
    draft.single(wave_id, NOA, "self", ("trait", trait_id), 4.0)
    draft.single(wave_id, NOA, "manager", ("trait", trait_id), 3.0)
    draft.line(("subject", NOA), trait_id, wave_id, score)


def units(draft: Draft, wave_id: str, trait_id: str, score: float) -> None:
    for place, (unit_id, parent_id, name) in enumerate(UNITS):
        if trait_id == "taste":
            draft.unit(wave_id, unit_id, parent_id, name)
        if place == len(UNITS) - 1:
            draft.hidden(wave_id, ("unit", unit_id), ("trait", trait_id), "too_few_pms")
            continue
        shifted = score + (place - 1) * 0.3
        counts = {"rater_count": 40 - 8 * place, "pm_count": 8 - place}
        draft.others(wave_id, ("unit", unit_id), ("trait", trait_id), shifted, half=0.25, **counts)
        draft.line(("unit", unit_id), trait_id, wave_id, shifted, half=0.25, count=40)


def further_instruments(draft: Draft) -> None:
    core, lenses, fit = (draft.wave(of, "2026H1") for of in (CORE, THREE_LENSES, STAGE_FIT))
    for place, one in enumerate(CORE.traits):
        draft.others(core, ("subject", ADA), ("trait", one.trait_id), 3 + place / 8)
        draft.single(core, ADA, "self", ("trait", one.trait_id), 3.5)
        draft.others(
            core,
            ("unit", "Product"),
            ("trait", one.trait_id),
            3.2 + place / 10,
            half=0.2,
            rater_count=60,
            pm_count=9,
        )
    for one in THREE_LENSES.traits:
        draft.others(lenses, ("subject", "Product/Growth"), ("trait", one.trait_id), 3.4, rater_count=12)
    draft.subject(lenses, "Product/Growth", "unit", "Growth", "Product/Growth")
    for one, score in zip(STAGE_FIT.traits, (4.5, 3, 2.5, 2, 4, 3.5, 3), strict=True):
        draft.single(fit, SAM, "self", ("trait", one.trait_id), score)
    draft.comment(fit, SAM, "self", "More **drawing**.")
    draft.subject(fit, SAM, "pm", "Sam Example", "Product/Platform")


def write_release(folder: Path) -> None:
    """Writes the made-up release into a releases folder."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = Draft()
    draft.add("meta", 1, 3)
    for of in (GREAT_PM, CORE, THREE_LENSES, STAGE_FIT):
        draft.instrument(of)
    first_row(draft)
    in_words(draft)
    further_instruments(draft)
    draft.write(folder / "release-000001.duckdb")


def write_home(home: Path) -> None:
    """Writes a demo's folder: the made-up release, and a register of its people."""
    write_release(home / "releases")
    write_people(Settings(home=home), is_made_up=True)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment's folder with one release in it."""
    home = tmp_path_factory.mktemp("home")
    write_home(home)
    return home


@pytest.fixture(scope="session")
def release(home: Path) -> Release:
    """The release of that folder."""
    current = Releases(home / "releases").current()
    assert current is not None
    return current


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """The instruments of the made-up release."""

    great_pm: Instrument = GREAT_PM
    core: Instrument = CORE
    three_lenses: Instrument = THREE_LENSES
    stage_fit: Instrument = STAGE_FIT


@pytest.fixture(scope="session")
def instruments() -> Instruments:
    """Those instruments, for tests of figures."""
    return Instruments()


@pytest.fixture
def new_draft() -> type[Draft]:
    """The class of drafts, for a test that writes a release of its own."""
    return Draft
