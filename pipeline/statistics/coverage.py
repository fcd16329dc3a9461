"""Coverage of strengths: for which traits people of a unit stand out, without saying who.

What is counted here goes through `disclosure.tally` before anybody sees it, and leaves as a word:
"several", "hardly anyone" or "not told".
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def count_strengths(strengths: ArrayLike, *, trait_count: int) -> NDArray[np.int64]:
    """Returns of how many PMs each trait is the one strength; a PM without one counts nowhere.

    A strength is relative to the PM's own mean (`standing_out`), so a trait that nobody stands out
    for may still be one at which all score high. Source: docs/decisions.md 57.

    >>> count_strengths([0, 2, -1, 2], trait_count=3).tolist()
    [1, 0, 2]

    Args:
        strengths: (n_subjects,), places of traits as `pick_most_distinct` has them; -1 = none.
        trait_count: how many traits the instrument has.
    """
    places = np.asarray(strengths, dtype=np.int64)
    return np.bincount(places[places >= 0], minlength=trait_count).astype(np.int64)
