"""Plotly's script as we send it: without the kinds of figures that no page of ours has."""

import re
from pathlib import Path

import pytest
import streamlit

from dashboard.figure_script import NAME, find_modules, trimmed

SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
FIGURES = Path(__file__).parents[2] / "dashboard" / "figures"


def module(name, path, body):
    return f'{name}=_({{"{path}"(e,t){{{body}}}}})'


def packed(*modules, rest="return I()"):
    """A script as esbuild packs it: lines are in the core, and a list calls two further kinds."""
    core = module("C", "core.js", "t.exports={register:x,line:L()}")
    index = module("I", "index.js", "var n=C();n.register([P(),M()]),t.exports=n")
    return f"var {','.join((module('L', 'line.js', 't.exports=1'), *modules, core, index))};{rest}"


PIE = module("P", "pie.js", 't.exports=D()+"}})"')
DRAWN = module("D", "drawn.js", "if(e){t.exports=f(()=>{})}")
MAP = module("M", "map.js", "t.exports=L()")


def test_script_when_trimmed_then_what_only_further_kinds_need_is_gone():
    script = trimmed(packed(PIE, DRAWN, MAP))
    assert "P=0,D=0,M=0," in script
    assert "n.register([])" in script
    assert "line.js" in script
    assert "core.js" in script
    assert not re.search(r"pie|drawn|map", script)


def test_module_when_something_beside_the_modules_calls_it_then_stays():
    script = trimmed(packed(PIE, DRAWN, MAP, rest="function late(){return D()}return I()"))
    assert "P=0," in script
    assert DRAWN in script


def test_module_when_text_stands_behind_it_then_that_stays():
    script = trimmed(packed(PIE, f"{MAP};function g(){{return 2}}var D=0"))
    assert "M=0;function g(){return 2}var D=0," in script


def test_module_when_its_end_cannot_be_told_then_stays_with_what_it_calls():
    broken = module("P", "pie.js", 't.exports=D()+"{"') + ";function g(){return 2}var x=0"
    script = trimmed(packed(broken, DRAWN, MAP))
    assert broken in script
    assert DRAWN in script
    assert "M=0," in script


@pytest.mark.parametrize(
    "script", ["", "export const a=1", packed(PIE, DRAWN, MAP).replace("register", "add")]
)
def test_script_when_packed_otherwise_then_stays_as_it_is(script):
    assert trimmed(script) == script


def test_streamlits_script_when_trimmed_then_a_third_is_left_with_what_draws_points():
    (path,) = SCRIPTS.glob(f"{NAME}.*.js")
    script = path.read_text(encoding="utf-8")
    left = trimmed(script)
    assert len(left) < len(script) / 3
    assert '"src/traces/scatter/plot.js"' in left
    assert '"src/traces/pie/plot.js"' not in left
    assert left[-2000:] == script[-2000:]
    assert {re.sub("=0$", "", name) for name in find_modules(left)} < set(find_modules(script))


def test_figures_when_drawn_then_their_traces_are_points_and_lines_alone():
    texts = [path.read_text(encoding="utf-8") for path in FIGURES.rglob("*.py")]
    assert {kind for text in texts for kind in re.findall(r'"type": "(\w+)"', text)} == {"scatter", "rect"}
