"""Timestamps of all tools become ISO 8601 without zone."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mapping.timestamps import parse_timestamps


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2019-03-08 8:58:35", "2019-03-08T08:58:35"),
        ("2024-01-17T18:07:45.597000", "2024-01-17T18:07:45"),
        ("2024-01-17", "2024-01-17T00:00:00"),
        ("03/13/2020 5:53:38 AM", "2020-03-13T05:53:38"),
        ("11/03/2021 07:40:47 PM", "2021-11-03T19:40:47"),
        ("1/2/2021 12:00 AM", "2021-01-02T00:00:00"),
        ("6/21/2018 23:29:42", "2018-06-21T23:29:42"),
        ("13.02.2024 10:11", "2024-02-13T10:11:00"),
        ("03.02.2024, 10:11", "2024-02-03T10:11:00"),
        ("2020/06/05 11:34:01 AM EST", "2020-06-05T11:34:01"),
        ("2020/06/05 11:34:01 AM GMT+2", "2020-06-05T09:34:01"),
        ("2024-01-17T18:07:45Z", "2024-01-17T18:07:45"),
        ("2024-01-17T18:07:45-0330", "2024-01-17T21:37:45"),
        ("", None),
        ("yesterday", None),
        ("2024-02-30", None),
        ("2024-01-17 13:00 PM", None),
        ("2024-01-17T10:00+99:99", "2024-01-13T05:21:00"),
        ("0001-01-01 00:00+10:00", None),
    ],
)
def test_timestamp_when_written_by_a_tool_then_iso(text, iso):
    assert parse_timestamps([text]) == [iso]


def test_column_when_one_day_cannot_be_a_month_then_the_day_comes_first_everywhere():
    assert parse_timestamps(["03/04/2026", "13/04/2026"]) == ["2026-04-03T00:00:00", "2026-04-13T00:00:00"]
    assert parse_timestamps(["03/04/2026", "03/13/2026"]) == ["2026-03-04T00:00:00", "2026-03-13T00:00:00"]


@given(st.datetimes(min_value=datetime(1900, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_timestamp_when_iso_already_then_it_stays(moment):
    assert parse_timestamps([moment.isoformat(" ")]) == [moment.isoformat()]
