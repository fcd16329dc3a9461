"""`python -m bench.mutants FOLDER`: holds a whole run of mutmut against the survivors we explain.

A mutant is one small change of a line. It is gone if mypy refuses it or a test fails; everything else (also
what never ends) has to stand in tests/pipeline/disclosure/survivors.toml, with the reason why it may live.
Writes docs/mutants.md, and fails where that list and the run differ.
"""

import ast
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

import click

from bench.folder import writes

ROOT = Path(__file__).parent.parent
EXPLAINED = ROOT / "tests" / "pipeline" / "disclosure" / "survivors.toml"
WORD = re.compile(r"\w+|\W")
REFUSED_BY_TYPES, FAILED_A_TEST = {37}, {1, 3}
"""What mutmut notes for a mutant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """`change` reads `module.function: a line with «what was => what the mutant has»`."""

    module: str
    change: str
    code: int | None

    @property
    def has_survived(self) -> bool:
        """True if nothing noticed the change, for whatever reason."""
        return self.code not in REFUSED_BY_TYPES | FAILED_A_TEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Survivors with one reason in common.

    `is_never_ending`: a test never ends with them, unless another fails first. mutmut tries the quickest tests
    first, so which of the two it is hangs on the clock.
    """

    reason: str
    survivors: tuple[str, ...]
    is_never_ending: bool = False


def read_kinds(path: Path) -> tuple[Kind, ...]:
    """Returns the explained survivors."""
    kinds = tomllib.loads(path.read_text(encoding="utf-8"))["kind"]
    return tuple(
        Kind(
            reason=one["reason"].strip(),
            survivors=tuple(one["survivors"]),
            is_never_ending=one.get("is_never_ending", False),
        )
        for one in kinds
    )


def read_run(folder: Path) -> Iterator[Mutant]:
    """Yields every mutant of a run, from the folder in which mutmut keeps what it made and found."""
    for meta in sorted(folder.rglob("*.py.meta")):
        source = ast.parse(meta.with_suffix("").read_text(encoding="utf-8"))
        functions = {one.name: one for one in ast.walk(source) if isinstance(one, ast.FunctionDef)}
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            module, _, mutant = name.rpartition(".")
            original = functions[mutant.rpartition("_")[0] + "_orig"]
            change = _change(_lines(original), _lines(functions[mutant]))
            yield Mutant(
                module=module, change=f"{module.rpartition('.')[2]}.{_plain(mutant)}: {change}", code=code
            )


def _plain(mutant: str) -> str:
    """`xǁGroupsǁjoin__mutmut_2` is a change of `Groups.join`, `x__few__mutmut_1` one of `_few`."""
    return mutant.rpartition("__mutmut_")[0].removeprefix("x").removeprefix("_").replace("ǁ", ".").strip(".")


def read_functions(path: Path) -> dict[str, list[str]]:
    """Returns the lines of each function of a file as mutants tell them: `few`, `Groups.join`."""
    source = ast.parse(path.read_text(encoding="utf-8"))
    classes = [one for one in source.body if isinstance(one, ast.ClassDef)]
    owned: list[tuple[str, ast.Module | ast.ClassDef]] = [
        ("", source),
        *((f"{one.name}.", one) for one in classes),
    ]
    return {
        prefix + one.name: _lines(one)
        for prefix, owner in owned
        for one in owner.body
        if isinstance(one, ast.FunctionDef)
    }


def _lines(function: ast.FunctionDef) -> list[str]:
    """What the function takes, and each of its statements in a line."""
    return [
        ast.unparse(function.args),
        *(line.strip() for one in function.body for line in ast.unparse(one).splitlines()),
    ]


def _change(before: Iterable[str], after: Iterable[str]) -> str:
    """The one line that differs, word by word."""
    ((old, new),) = [
        (WORD.findall(one), WORD.findall(other))
        for one, other in zip(before, after, strict=True)
        if one != other
    ]
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = " => ".join("".join(one[head : len(one) - tail]) for one in (old, new))
    return "".join([*old[:head], f"«{middle}»", *old[len(old) - tail :]])


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def differ(mutants: Iterable[Mutant], kinds: Iterable[Kind]) -> tuple[list[str], list[str]]:
    """Returns the survivors that nothing explains, and what is explained but does not survive."""
    several = tuple(kinds)
    survived = Counter(one.change for one in mutants if one.has_survived)
    explained = Counter(change for kind in several for change in kind.survivors)
    surely = Counter(change for kind in several if not kind.is_never_ending for change in kind.survivors)
    return sorted((survived - explained).elements()), sorted((surely - survived).elements())


def render(mutants: Iterable[Mutant], kinds: Iterable[Kind], day: str) -> str:
    """Returns the page."""
    counts: dict[str, Counter[str]] = {}
    for one in mutants:
        fate = "survived" if one.has_survived else "types" if one.code in REFUSED_BY_TYPES else "tests"
        counts.setdefault(one.module.rpartition(".")[2], Counter())[fate] += 1
    rows = [*counts.items(), ("all", sum(counts.values(), Counter[str]()))]
    return "\n".join([HEAD.format(day=day), *map(_row, rows), "", *map(_section, kinds), ""])


HEAD = """# Mutants that survive

Made by `make mutants` on {day}; do not edit.

`make mutants` changes `pipeline/disclosure/` in every small way mutmut knows, one at a time. A change that `mypy --strict` refuses
could never land. Every other one is put before `tests/pipeline/disclosure/`; what no test notices, or what never ends, survives. Each
survivor is a line of `tests/pipeline/disclosure/survivors.toml`, under the reason why it may live; the run fails if one is not listed there,
or is listed and does not survive. A new one is a missing test until it is explained.

Not changed are declarations (fields, constants, the table of attackers) and what mutmut leaves alone because it is decorated: `Proof.is_held`
and the cached tables of `evidence.py`, each a comprehension or a loop of one step.

| module | mutants | refused by types | failed a test | survived, explained |
|---|---|---|---|---|"""


def _row(row: tuple[str, Mapping[str, int]]) -> str:
    name, counts = row
    cells = (sum(counts.values()), *(counts.get(fate, 0) for fate in ("types", "tests", "survived")))
    return f"| {name} | {' | '.join(f'{cell:,}' for cell in cells)} |"


def _section(kind: Kind) -> str:
    return f"- {kind.reason} **{len(kind.survivors)}**"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@writes("mutants.md")
def main(folder: Path, out: Path) -> None:
    """Compares a run in FOLDER with what is explained, and writes the page about it."""
    mutants, kinds = tuple(read_run(folder)), read_kinds(EXPLAINED)
    unexplained, gone = differ(mutants, kinds)
    for word, changes in (("unexplained", unexplained), ("does not survive", gone)):
        for change in changes:
            click.echo(f"{word}: {change}")
    if unexplained or gone:
        sys.exit(1)
    out.write_text(render(mutants, kinds, f"{datetime.now(UTC):%Y-%m-%d}"), encoding="utf-8")


if __name__ == "__main__":
    main()
