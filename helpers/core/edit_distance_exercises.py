"""Exercise of the edit distance: the next row of its table."""

import numpy as np

from helpers.core.edit_distance import edit_distance_row
from helpers.core.exercises import Exercise, Mistake


def _draw_row(rng):
    """The truth is "babcb", "cb" has been read, and "c" comes, in any three letters: each edit is the cheapest once."""
    a, b, c = rng.permutation([1, 2, 3])
    truth, above = np.array([b, a, b, c, b]), np.arange(6)
    for token in (c, b):
        above = edit_distance_row(above, token, truth)
    return above, c, truth


def _row(first=1, kept=1, inserted=1, replaced=lambda above, n, token, other: above[n - 1] + (token != other)):
    """Return the next row with a mistake in it: its first number, and what the three edits cost."""

    def row(above, token, truth):
        found = [above[0] + first]
        for n, other in enumerate(truth, 1):
            found.append(min(above[n] + kept, found[n - 1] + inserted, replaced(above, n, token, other)))
        return np.array(found)

    return row


_NEVER = 1000

edit_distance_row_exercise = Exercise(
    name="edit_distance_row",
    shapes={"row": "U+1"},
    draw=_draw_row,
    values=edit_distance_row,
    mistakes=(
        Mistake(
            "the first number grows too: all that was read has to go, to leave the empty beginning of the truth.",
            _row(first=0),
        ),
        Mistake(
            "equal tokens cost nothing: add 1 to above_{n−1} only where they differ.",
            _row(replaced=lambda above, n, token, other: above[n - 1] + 1),
        ),
        Mistake(
            "to replace a token costs 1: add it where the two differ.",
            _row(replaced=lambda above, n, token, other: above[n - 1]),
        ),
        Mistake(
            "the cost is the wrong way round: 0 where the tokens are equal, 1 where they differ.",
            _row(replaced=lambda above, n, token, other: above[n - 1] + (token == other)),
        ),
        Mistake(
            "to replace costs 1, as each edit does, not 2.",
            _row(replaced=lambda above, n, token, other: above[n - 1] + 2 * (token != other)),
        ),
        Mistake(
            "to replace takes one token from both: it comes from above_{n−1}, not from above_n.",
            _row(replaced=lambda above, n, token, other: above[n] + (token != other)),
        ),
        Mistake(
            "a token of the truth may be missing in what was read: row_{n−1} + 1 is one of the three.",
            _row(inserted=_NEVER),
        ),
        Mistake("a token that was read may be one too many: above_n + 1 is one of the three.", _row(kept=_NEVER)),
        Mistake("this adds the three ways; take the cheapest.", lambda above, token, truth: _sum(above, token, truth)),
    ),
)


def _sum(above, token, truth):
    found = [above[0] + 1]
    for n, other in enumerate(truth, 1):
        found.append(above[n] + 1 + found[n - 1] + 1 + above[n - 1] + (token != other))
    return np.array(found)
