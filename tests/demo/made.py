"""What was made for the demo, with what is to become of each row."""

from functools import cache

from survey.definition import BUILT_IN, read_instrument
from survey.synthesis.demo import INSTRUMENTS, make_demo
from survey.synthesis.export_file import ExportFile


@cache
def demo_files() -> tuple[ExportFile, ...]:
    """Returns every file of the demo; the same whenever it is made."""
    return make_demo({name: read_instrument(BUILT_IN / f"{name}.yaml") for name in INSTRUMENTS}).files
