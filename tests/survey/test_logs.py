"""Log lines: JSON, one for each, and never what a library quotes."""

import io
import json
import logging

import pytest

from survey.logs import log_to, take_over


@pytest.fixture
def stream():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    found = io.StringIO()
    log_to("form", found)
    yield found
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("pmhealth").setLevel(logging.NOTSET)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_log_when_ours_then_it_says_when_where_and_what(stream):
    logging.getLogger("pmhealth.form").info("job %d done", 7)
    (line,) = lines(stream)
    assert line["event"] == "job 7 done"
    assert (line["level"], line["process"], line["logger"]) == ("info", "form", "pmhealth.form")
    assert line["at"].endswith("+00:00")


def test_log_when_it_is_another_s_then_its_words_stay_out(stream):
    library = logging.getLogger("a.library")
    library.warning("GET /f/secret from %s", "10.0.0.1")
    try:
        int("ada@example.org said 5")
    except ValueError:
        library.exception("failed for ada@example.org")
        logging.getLogger("pmhealth.form").exception("failed")
    library.info("not said at all")
    assert [line["event"] for line in lines(stream)] == [
        "something was said that is not written down", "ValueError", "ValueError",
    ]  # fmt: skip
    assert "secret" not in stream.getvalue()
    assert "ada" not in stream.getvalue()


def test_log_when_a_library_has_a_handler_of_its_own_then_it_is_taken_over(stream):
    own = io.StringIO()
    library = logging.getLogger("streamlit.of.a.test")
    library.addHandler(logging.StreamHandler(own))
    library.propagate = False
    take_over("streamlit")
    library.error("Ada")
    assert own.getvalue() == ""
    assert len(lines(stream)) == 1
