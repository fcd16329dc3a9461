"""The same inputs make the same bytes; what was published stays as it was.

Under another pseudonym key everything is the same too, but the order of comments, which is drawn with it.
"""

import os
import secrets
from pathlib import Path

import duckdb
import pytest

from dashboard.cli import run
from tests.demo.made import demo_files

pytestmark = pytest.mark.slow

DRAWN_ANEW = {"meta", "line", "scope", "measure", "instrument"}
"""Tables without rows of one wave; scopes, measures and instruments only grow, lines join all waves."""
NOT_OF_THE_FIRST = {"change", "mix", "mix_item"}
"""Tables that take two waves."""
OF_OUR_OWN_FORM = {"nonresponse"}
"""Tables about who was asked, which no file of another tool says."""


@pytest.mark.parametrize("is_same_key", [True, False], ids=["same key", "another key"])
def test_demo_when_taken_in_again_elsewhere_then_every_release_is_the_same(home, tmp_path, is_same_key):
    other = tmp_path / "home"
    put_key(
        other, (home / "private" / "pseudonym.key").read_bytes() if is_same_key else secrets.token_bytes(32)
    )
    take_in_again(home / "input", other)
    releases = sorted(path.name for path in (home / "releases").iterdir())
    assert releases == sorted(path.name for path in (other / "releases").iterdir())
    assert (
        len(releases) == 2 * len({file.wave_id for file in demo_files()}) + 1
    )  # a file and a manifest each, and CURRENT
    for name in releases:
        paths = home / "releases" / name, other / "releases" / name
        if is_same_key:
            assert paths[0].read_bytes() == paths[1].read_bytes(), name
        elif name.endswith(".duckdb"):
            assert rows_of(paths[0]) == rows_of(paths[1]), name


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's rows in their order; of comments, what is said about whom in any order."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        rows = {name: connection.table(name).fetchall() for name in names if name != "comment"}
        told = connection.execute("select wave_no, scope_no, group_no, prompt, signer, words from comment")
        return {**rows, "comment": sorted(told.fetchall(), key=repr)}


def put_key(home: Path, key: bytes) -> None:
    private = home / "private"
    private.mkdir(parents=True, mode=0o700)
    (private / "pseudonym.key").write_bytes(key)
    os.chmod(private / "pseudonym.key", 0o600)  # noqa: PTH101 - as the program makes it


def take_in_again(folder: Path, home: Path) -> None:
    """What a person would type who has the demo's files."""
    told = ["--home", str(home)]
    assert run([*told, "roster", "import", str(folder / "roster.csv")]) == 0
    files = demo_files()
    following = (*(file.wave_id for file in files[1:]), "")
    for file, next_wave in zip(files, following, strict=True):
        path = folder / file.file_name
        mapping = path.with_suffix(".mapping.yaml")
        options = ["--mapping", str(mapping)] if mapping.exists() else []
        options += ["--add"] if file.is_addition else []
        assert run([*told, "ingest", str(path), "--wave", file.wave_id, "--yes", *options]) == 0
        if file.wave_id != next_wave:
            assert run([*told, "publish", "--wave", file.wave_id]) == 0


def test_wave_when_published_then_its_rows_are_the_same_in_every_later_release(demo):
    for before, after in zip(demo.releases, demo.releases[1:], strict=False):
        waves = {row["wave_no"] for row in before.tables["wave"]}
        for table in set(before.tables) - DRAWN_ANEW:
            assert before.tables[table] or table in NOT_OF_THE_FIRST | OF_OUR_OWN_FORM, table
            assert [row for row in after.tables[table] if row["wave_no"] in waves] == before.tables[table]


def test_names_when_published_then_keep_their_numbers_and_definitions(demo):
    for before, after in zip(demo.releases, demo.releases[1:], strict=False):
        for table in ("scope", "measure"):
            assert after.tables[table][: len(before.tables[table])] == before.tables[table]
        for row in before.tables["instrument"]:
            assert row in after.tables["instrument"]


def test_release_when_read_then_holds_no_pseudonym_of_a_rater(home, demo):
    """Not even by accident: no number of a form or a rater stands in the bytes of the last release."""
    content = (home / "releases" / f"release-{demo.last.number:06}.duckdb").read_bytes()
    forms = [form for wave in demo.waves.values() for form in wave.forms]
    numbers = {form.response_no for form in forms} | {form.rater_no for form in forms if form.rater_no}
    present = {content[place : place + 8] for place in range(len(content) - 7)}
    assert not any(number.to_bytes(8, "little") in present for number in numbers)
