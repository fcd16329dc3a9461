"""The page about register and answers lists exactly the tables that the stores have."""

import re
from pathlib import Path

import pytest

from survey import answers_schema, register_schema

PAGE = (Path(__file__).parents[2] / "docs" / "stores.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heading", "metadata"),
    [("The register", register_schema.metadata), ("The answers of a wave", answers_schema.metadata)],
)
def test_page_when_read_then_it_has_a_line_for_each_table(heading, metadata):
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)

    assert sorted(listed) == sorted({*metadata.tables, "schema_version"})
