"""Python's collector of cycles rests while a wave is published, and works again afterwards."""

import gc

import pytest

from pipeline.collector import collector_rests


def test_collector_when_work_is_done_then_is_at_work_again():
    with collector_rests():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collector_when_work_fails_then_is_at_work_again():
    with pytest.raises(ZeroDivisionError), collector_rests():
        _ = 1 / 0
    assert gc.isenabled()


def test_collector_when_it_rested_before_then_still_does():
    with collector_rests():
        with collector_rests():
            pass
        assert not gc.isenabled()
