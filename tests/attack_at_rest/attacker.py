"""Tries to say who gave which answer, from every byte a deployment left on disk.

The attacker holds the home folder, the roster and who was asked about whom. It knows the code: how
keys and hashes are made, where rows lie. It returns one guess per answer for every way it tries.
"""

import itertools
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np

from survey.config import Settings
from survey.reporting_group import OTHERS, REST_PREFIX
from survey.secret import WaveKeys, response_key, secret_hash

ATTRIBUTED = frozenset({"self", "manager"})
SECRET = re.compile(rb"[A-Za-z0-9_-]{32}")
KEY_BYTES = 32
PERMUTATIONS = 20_000

Guesses = Mapping[str, str]
"""Who gave an answer, by its content."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One stored response of others, and where it lies by different orders."""

    key: bytes
    subject_id: str
    group: str
    content: str
    places: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Responder:
    """Somebody who answered about a subject as one of the others, and where that is written."""

    rater_id: str
    subject_id: str
    group: str
    unit_id: str
    places: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What was found in a home folder. `sets` are answers that could be by the same people."""

    home: Path
    answers: tuple[Answer, ...]
    responders: tuple[Responder, ...]

    def sets(self) -> Iterator[tuple[tuple[Answer, ...], tuple[Responder, ...]]]:
        groups = defaultdict(list)
        for one in self.answers:
            groups[one.subject_id, one.group].append(one)
        apart = {(subject, group) for subject, group in groups if group != OTHERS}
        whole = {subject for subject, _ in groups}
        for (subject, group), answers in sorted(groups.items()):
            yield (
                tuple(answers),
                tuple(one for one in self.responders if self._may_be(one, subject, group, apart, whole)),
            )

    def _may_be(self, one, subject, group, apart, whole):
        own = (one.subject_id, one.group if (one.subject_id, one.group) in apart else OTHERS)
        if not subject.startswith(REST_PREFIX):
            return own == (subject, group)
        unit = subject.removeprefix(REST_PREFIX)
        return one.subject_id not in whole and f"{one.unit_id}/".startswith(f"{unit}/")


def look(home: Path, wave_id: str) -> Evidence:
    """Returns what can be read of a wave in a folder."""
    store = next(path for path in sorted((home / "answers").glob("*.sqlite")))
    return Evidence(
        home=home,
        answers=tuple(_answers(home, store)),
        responders=tuple(_responders(Settings(home=home).register_path, wave_id)),
    )


def _answers(home: Path, store: Path) -> Iterator[Answer]:
    with closing(sqlite3.connect(store)) as connection:
        has_rowid = "without rowid" not in _made_by(connection, "response").lower()
        order = "rowid" if has_rowid else "response_key"
        columns = "response_key, subject_id, reporting_group, content"
        rows = connection.execute(f"select {columns} from response order by {order}").fetchall()  # noqa: S608
    raw = b"".join(path.read_bytes() for path in sorted(store.parent.iterdir()))
    by_key = {row[0]: place for place, row in enumerate(sorted(rows))}
    warehouse = _warehouse_places(home)
    for place, (key, subject, group, content) in enumerate(rows):
        if group not in ATTRIBUTED:
            places = {"row": place, "key": by_key[key], "first byte": raw.find(content.encode()),
                      "last byte": raw.rfind(content.encode()), **warehouse.get(_ratings(content), {})}  # fmt: skip
            yield Answer(key=key, subject_id=subject, group=group, content=content, places=places)


def _made_by(connection: sqlite3.Connection, table: str) -> str:
    return connection.execute("select sql from sqlite_schema where name = ?", [table]).fetchone()[0]


def _ratings(content: str) -> str:
    ratings = json.loads(content)["ratings"]
    return ";".join(f"{key}={float(value):g}" for key, value in sorted(ratings.items()))


def _warehouse_places(home: Path) -> dict[str, dict[str, int]]:
    path = home / "private" / "warehouse.duckdb"
    if not path.exists():
        return {}
    text = """
        select string_agg(i.item_id || '=' || a.value::double, ';' order by i.item_id) as ratings,
               min(a.rowid) as row, min(a.line) as line, any_value(a.response_no) as number
        from core.answer as a inner join core.item as i using (item_no)
        where a.value is not null group by a.response_no, a.subject_no"""
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(text).fetchall()
    found = {}
    for ratings, row, line, number in rows:
        pairs = (pair.split("=") for pair in ratings.split(";"))
        name = ";".join(f"{key}={float(value):g}" for key, value in sorted(pairs))
        found[name] = {"warehouse row": row, "warehouse line": line, "warehouse number": number}
    return found


def _responders(register: Path, wave_id: str) -> Iterator[Responder]:
    text = """
        select a.assignment_no, a.rater_id, a.subject_id, a.reporting_group, coalesce(w.org_unit, ''),
               coalesce(p.link_no, 0), p.rowid, coalesce(max(m.changed_at), ''), coalesce(max(m.mail_no), 0)
        from assignment as a
        inner join participation as p on p.assignment_no = a.assignment_no and p.state = 'done'
        left join wave_person as w on w.wave_id = a.wave_id and w.person_id = a.subject_id
        left join mail as m on m.person_id = a.rater_id
        where a.wave_id = ? group by a.assignment_no order by a.assignment_no"""
    with closing(sqlite3.connect(register)) as connection:
        rows = connection.execute(text, [wave_id]).fetchall()
    times = {one: place for place, one in enumerate(sorted({row[7] for row in rows}))}
    for number, rater, subject, group, unit, link, row, time, mail in rows:
        if group not in ATTRIBUTED:
            places = {"assignment": number, "link": link, "row": row, "mail time": times[time], "mail": mail}
            yield Responder(rater_id=rater, subject_id=subject, group=group, unit_id=unit, places=places)


def attacks(evidence: Evidence) -> dict[str, Guesses]:
    """Returns the guesses of every way there is, by its name."""
    ways = {"by key": _by_key(evidence), "by group": _by_group(evidence)}
    answer_orders = sorted({place for one in evidence.answers for place in one.places})
    responder_orders = sorted({place for one in evidence.responders for place in one.places})
    for one, other in itertools.product(answer_orders, responder_orders):
        ways[f"{one} against {other}"] = _by_order(evidence, one, other)
    return ways


def _by_order(evidence: Evidence, of_answers: str, of_people: str) -> Guesses:
    guesses = {}
    for answers, people in evidence.sets():
        first = sorted(answers, key=lambda one: one.places.get(of_answers, 0))
        second = sorted(people, key=lambda one: one.places[of_people])
        guesses |= {answer.content: who.rater_id for answer, who in zip(first, second, strict=False)}
    return guesses


def _by_group(evidence: Evidence) -> Guesses:
    return {
        answers[0].content: people[0].rater_id
        for answers, people in evidence.sets()
        if len(answers) == len(people) == 1
    }


def _by_key(evidence: Evidence) -> Guesses:
    """Every secret under every pair of keys: whose link is it, and which answer?"""
    keys, secrets = find_keys(evidence.home), find_secrets(evidence.home)
    links = find_links(Settings(home=evidence.home).register_path)
    by_key = {one.key: one.content for one in evidence.answers}
    subjects = {one.subject_id for one in evidence.responders}
    guesses = {}
    for pair, secret in itertools.product(keys, secrets):
        rater = links.get(secret_hash(pair, secret))
        for subject in subjects if rater else ():
            content = by_key.get(response_key(pair, secret, subject))
            if content is not None:
                guesses[content] = rater
    return guesses


def find_keys(home: Path) -> tuple[WaveKeys, ...]:
    """Returns whatever could be a pair of keys: every small file that is as long as one or two."""
    texts = {
        path.read_bytes() for path in every_file(home) if path.stat().st_size in (KEY_BYTES, 2 * KEY_BYTES)
    }
    parts = sorted({text[at : at + KEY_BYTES] for text in texts for at in range(0, len(text), KEY_BYTES)})
    return tuple(WaveKeys(participation=one, answers=other) for one, other in itertools.product(parts, parts))


def find_secrets(home: Path) -> tuple[str, ...]:
    """Returns whatever looks like a secret in files that are no database."""
    found = set()
    for path in every_file(home):
        if path.suffix not in {".sqlite", ".duckdb", ".key"}:
            found |= {match.decode() for match in SECRET.findall(path.read_bytes())}
    return tuple(sorted(found))


def find_links(register: Path) -> dict[bytes, str]:
    with closing(sqlite3.connect(register)) as connection:
        return dict(connection.execute("select secret_hash, person_id from link"))


def every_file(home: Path) -> list[Path]:
    return sorted(path for path in home.rglob("*") if path.is_file())


@dataclass(frozen=True, kw_only=True)
class Success:
    """How often a way was right, how often chance is, and how seldom chance is right as often."""

    hits: int
    expected: float
    chance: float


def judge(
    evidence: Evidence, guesses: Guesses, truth: Mapping[str, str], rng: np.random.Generator
) -> Success:
    """Compares guesses with the truth, and with guesses that pair answers and people at random."""
    hits, luck, expected = 0, np.zeros(PERMUTATIONS, dtype=int), 0.0
    for answers, people in evidence.sets():
        guessed = [one for one in answers if one.content in guesses]
        hits += sum(guesses[one.content] == truth[one.content] for one in guessed)
        if guessed and people:
            places = rng.random((PERMUTATIONS, len(people))).argsort(axis=1)[:, : len(guessed)]
            luck += (places == np.arange(len(guessed))).sum(axis=1)
            expected += len(guessed) / len(people)
    chance = (1 + int((luck >= hits).sum())) / (1 + PERMUTATIONS) if guesses else 1.0
    return Success(hits=hits, expected=expected, chance=chance)


def possible_authors(evidence: Evidence) -> Sequence[int]:
    """Returns for each stored answer of others how many people it could be by."""
    return [len({one.rater_id for one in people}) for answers, people in evidence.sets() for _ in answers]
