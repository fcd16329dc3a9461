"""Writes the tracked samples anew: `python -m survey.synthesis data/samples`."""

import sys
from pathlib import Path

from survey.definition import BUILT_IN, read_instrument
from survey.synthesis.samples import write_samples


def main(arguments: list[str]) -> None:
    """Writes the samples into the folder that is named, and says which."""
    folder = Path(arguments[0] if arguments else "data/samples")
    for path in write_samples(read_instrument(BUILT_IN / "great-pm.yaml"), folder):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
