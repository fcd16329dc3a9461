"""HR reads the words that passed the gate, and may hold some back: with a reason, and written down.

What HR asks for is in the audit before it is done. Nobody can edit a comment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from pipeline import marts
from pipeline.errors import PublishError
from pipeline.numbering import number_wave
from pipeline.publish import PassedComment, passed_comments
from pipeline.run import check_loaded, edition_of
from pipeline.warehouse import Warehouse, open_warehouse
from survey.config import Settings
from survey.register import AuditEntry, Register, open_register

_HOLD = {"comment_no": pa.int64(), "reason": pa.string()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Where HR looks: the stores, the wave, who asks and when."""

    settings: Settings
    wave: str
    done_by: str
    done_at: datetime


def list_passed(asking: Asking) -> tuple[PassedComment, ...]:
    """Returns the words of a wave's others that are shown, or would be, and those held back.

    Raises:
        WaveError: there is no such wave, or our own form still collects it.
        PublishError: nothing was loaded into it.
    """
    with _opened(asking) as (register, _, passed):
        _write_down(register, asking, "comment-list", f"{len(passed)} comments")
    return passed


def hold_comment(asking: Asking, comment_no: int, reason: str) -> None:
    """Holds a comment back from the next time its wave is published.

    Raises:
        PublishError: there is no reason, or no comment of that number passed the gate.
    """
    if not reason.strip():
        raise PublishError(
            "comment-reason",
            "a comment is held back only with a reason",
            where=str(comment_no),
            hint="say why with --reason, without a name",
        )
    with _opened(asking) as (register, warehouse, passed):
        _check(comment_no, [one.comment_no for one in passed])
        _write_down(register, asking, "comment-hold", f"{comment_no}: {reason}")
        warehouse.delete("core.comment_hold", "comment_no", comment_no)
        rows = pa.table(
            {"comment_no": [comment_no], "reason": [reason]}, schema=pa.schema(list(_HOLD.items()))
        )
        warehouse.add_rows("core.comment_hold", rows)


def release_comment(asking: Asking, comment_no: int) -> None:
    """Lets a comment that was held back be shown the next time its wave is published.

    Raises:
        PublishError: no comment of that number is held back.
    """
    with _opened(asking) as (register, warehouse, passed):
        _check(comment_no, [one.comment_no for one in passed if one.is_held])
        _write_down(register, asking, "comment-release", str(comment_no))
        warehouse.delete("core.comment_hold", "comment_no", comment_no)


@contextmanager
def _opened(asking: Asking) -> Iterator[tuple[Register, Warehouse, tuple[PassedComment, ...]]]:
    settings = asking.settings
    with open_register(settings.register_address) as register, open_warehouse(settings.warehouse_path) as wh:
        wave = register.wave(asking.wave)
        check_loaded(wh, wave)
        edition = edition_of(settings, register, wave)
        with wh.transaction():
            marts.build(wh, number_wave(wh, wave, edition.instrument))
        yield register, wh, passed_comments(wh, settings.releases_path, edition)


def _check(comment_no: int, known: list[int]) -> None:
    if comment_no not in known:
        raise PublishError(
            "comment-unknown",
            "no such comment is there to be held back or released",
            where=str(comment_no),
            hint="run: pmhealth comment list WAVE, and take the number from there",
        )


def _write_down(register: Register, asking: Asking, action: str, detail: str) -> None:
    target = register.wave(asking.wave).wave_id
    register.record(
        AuditEntry(
            done_at=asking.done_at, done_by=asking.done_by, action=action, target=target, detail=detail
        )
    )
