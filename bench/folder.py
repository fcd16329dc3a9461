"""Folders that a run may fill from nothing."""

import shutil
from pathlib import Path


def cleared(folder: Path) -> Path:
    """Returns the folder, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
