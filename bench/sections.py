"""Sections of docs/benchmarks.md that are measured by themselves, and stay when others are written anew."""

SECTIONS = ("Form", "Dashboard", "Publish", "Worker")
"""In this order behind everything else."""


def with_section(text: str, title: str, section: str) -> str:
    """Returns a page with this section in the place of the one of that title that it has, if any."""
    rest, sections = _taken_apart(text)
    return _put_together(rest, {**sections, title: section})


def with_rest(text: str, rest: str) -> str:
    """Returns a page with other things in front of the sections that it has."""
    return _put_together(rest, _taken_apart(text)[1])


def _put_together(rest: str, sections: dict[str, str]) -> str:
    parts = [rest, *(sections[title] for title in SECTIONS if title in sections)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _taken_apart(text: str) -> tuple[str, dict[str, str]]:
    first, *parts = text.split("\n## ")
    rest, sections = [first], {}
    for part in parts:
        title = part.partition("\n")[0]
        if title in SECTIONS:
            sections[title] = f"## {part}"
        else:
            rest.append(part)
    return "\n## ".join(rest), sections
