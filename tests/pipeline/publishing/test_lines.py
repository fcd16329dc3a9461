"""Where the segments of a line begin and end, and which items each is drawn over."""

import numpy as np
import pytest

from pipeline.publishing.lines import follow


@pytest.mark.parametrize(
    ("released", "segments", "kept"),
    [
        (["ab", "ab"], [1, 1], ["ab", "ab"]),
        (["ab", "bc", "bd"], [1, 1, 1], ["b", "b", "b"]),
        (["ab", "bc", "cd"], [1, 1, 2], ["b", "b", "cd"]),
        (["a", "b", "a"], [1, 2, 3], ["a", "b", "a"]),
        (["a", "", "a"], [1, 0, 1], ["a", "", "a"]),
        (["", "ab", "", "b"], [0, 1, 0, 1], ["", "b", "", "b"]),
        (["", ""], [0, 0], ["", ""]),
    ],
)
def test_segments_when_waves_release_other_items_then_last_while_one_item_is_left(released, segments, kept):
    shown = np.array([[letter in several for letter in "abcd"] for several in released])
    found, left = follow(shown[:, :, None])
    assert found[:, 0].tolist() == segments
    assert ["".join(np.array(list("abcd"))[row]) for row in left[:, :, 0]] == kept


def test_segments_when_of_several_subjects_then_each_has_its_own():
    both = np.array([[[True, True], [False, False]], [[False, True], [True, True]]])
    assert follow(both)[0].tolist() == [[1, 1], [2, 1]]
