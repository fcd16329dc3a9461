"""Plotly's script without what draws figures that no page of ours has.

Streamlit sends Plotly whole: with maps, globes, flows and 3D, which are three of its four and a half megabytes. A browser
reads all of it before it draws the first figure, and of a first visit that took a second. Ours are lines, points and texts.

Plotly is packed by esbuild: each module stands there as `name=_({"its/path.js"(...){...}})`, and does nothing until somebody
calls `name()`. One module calls all kinds of figures but lines and points, so that they can be drawn. Without that list
nobody calls them any more, and what nobody calls is left out. A script that is not packed like this stays as it is.
"""

import re
from collections.abc import Mapping

NAME = "PlotlyChart"
"""What stands before the hash in the name of Streamlit's script with Plotly in it."""

_KINDS = re.compile(r"(?<=\.register\()\[[\w$]+\(\)(?:,[\w$]+\(\))*\](?=\),t\.exports=n\})")
_MODULE = re.compile(r"(?<=[;,{ ])([\w$]+)=[_g]\(\{\"[^\"]+\"\(")
_END = re.compile(r"\}\}\)(?=[,;])")
_CALL = re.compile(r"([\w$]+)\(\)")

Modules = Mapping[str, tuple[int, int]]
"""From where to where each module stands in the script, by its name there, in their order."""


def trimmed(script: str) -> str:
    """Returns the script for lines and points alone, or as it was where it is not packed as expected."""
    without, lists = _KINDS.subn("[]", script)
    if lists != 1:
        return script
    modules = find_modules(without)
    called = called_of(without, modules)
    return left_out(without, {name: span for name, span in modules.items() if name not in called})


def find_modules(script: str) -> Modules:
    """Returns the modules of a script; one whose end cannot be told is none, and stays."""
    found = list(_MODULE.finditer(script))
    nexts = [one.start() for one in found[1:]] + [len(script)]
    spans = (
        (one[1], one.start(), _end(script, one.start(), end)) for one, end in zip(found, nexts, strict=True)
    )
    return {name: (start, end) for name, start, end in spans if end}


def _end(script: str, start: int, next_start: int) -> int:
    """Where a module ends: at the first end that leaves no brace open, else right before the next; 0 if it cannot be told."""
    place, depth = start, 0
    for end in _END.finditer(script, start, next_start):
        depth += script.count("{", place, end.end()) - script.count("}", place, end.end())
        place = end.end()
        if not depth:
            return place
    return next_start - 1 if script.endswith("}}),", start, next_start) else 0


def called_of(script: str, modules: Modules) -> frozenset[str]:
    """Returns the modules that are called by what is no module, by those that it calls, and so on."""
    waiting = _calls(left_out(script, modules), modules)
    called = set(waiting)
    while waiting:
        waiting = _calls(script[slice(*modules[waiting.pop()])], modules) - called | waiting
        called |= waiting
    return frozenset(called)


def _calls(text: str, modules: Modules) -> set[str]:
    return modules.keys() & set(_CALL.findall(text))


def left_out(script: str, modules: Modules) -> str:
    """Returns the script with a 0 in the place of these modules."""
    parts, place = list[str](), 0
    for name, (start, end) in modules.items():
        parts += [script[place:start], f"{name}=0"]
        place = end
    return "".join((*parts, script[place:]))
