"""Kneser–Ney smoothing: a shorter context counts how many tokens a token came after, not how often it came."""

from collections import Counter

from helpers.core.checks import as_array, check_shape
from helpers.data.vocab import START
from helpers.models.ngram import count_ngrams


def count_kneser_ney(corpus, n, V, discounts=None):
    """P(w | c) = (count(c w) − D + S(c) P(w | c′)) / count(c): interpolated, modified Kneser–Ney smoothing.

    From each count of 1, 2, and 3 or more a discount D₁, D₂, D₃ is taken off, and their sum S(c) goes to the shorter
    context c′. There a token counts not as often as it came, but by how many different tokens it came after: a token
    that always follows the same one is improbable elsewhere. Contexts at the beginning of a sentence, before which only
    `<start>` stands, keep their counts. Below the single tokens stands 1 / V.

    Parameters
    ----------
    corpus : Corpus
    n, V : int
        As in `count_ngrams`.
    discounts : sequence of 3 floats, optional
        D₁, D₂, D₃ of every length of context, Dⱼ above 0 and at most j. (D, D, D) is Kneser's and Ney's own form with
        one discount. Without them each length has its own, estimated from how many n-grams came 1, 2, 3 and 4 times;
        0.5 for all three where a text is too short for that.

    Returns
    -------
    NGramModel

    Raises
    ------
    ValueError
        As in `count_ngrams`, and when a discount is out of range.

    References
    ----------
    Kneser, Ney 1995, "Improved backing-off for m-gram language modeling", https://doi.org/10.1109/ICASSP.1995.479394;
    in the modified, interpolated form of Chen, Goodman 1999, https://doi.org/10.1006/csla.1999.0128
    """
    if discounts is not None:
        given = as_array("discounts", discounts)
        check_shape("discounts", given, "kinds", kinds=3)
        if given.dtype.kind not in "iuf" or not ((given > 0) & (given <= (1, 2, 3))).all():
            raise ValueError(f"discounts are {discounts}, expected numbers above 0, and at most 1, 2 and 3")
        discounts = given.astype(float).tolist()
    counted = count_ngrams(corpus, n, V)
    levels = [_continuations(counted, k) for k in range(counted.n - 1)] + [counted.followers[-1]]
    followers, totals, kinds = [], [], []
    for level in levels:
        D = [0, *(_estimated_discounts(level) if discounts is None else discounts)]
        off = {context: {w: D[min(count, 3)] for w, count in after.items()} for context, after in level.items()}
        followers.append({c: {w: count - off[c][w] for w, count in after.items()} for c, after in level.items()})
        totals.append({context: after.total() for context, after in level.items()})
        kinds.append({context: sum(each.values()) for context, each in off.items()})

    def smoothing(count, total, taken_off, shorter, V):
        return (count + taken_off * shorter) / total if total else shorter

    return counted._replace(followers=tuple(followers), totals=tuple(totals), kinds=tuple(kinds), smoothing=smoothing)


def _continuations(counted, k):
    """Of each context of k tokens and each w: how many different tokens stood before them."""
    level = {}
    for (_, *context), after in counted.followers[k + 1].items():
        level.setdefault(tuple(context), Counter()).update(dict.fromkeys(after, 1))
    return {c: counted.followers[k][c] if c and c[0] == START else after for c, after in level.items()}


def _estimated_discounts(level):
    """Dⱼ = j − (j + 1) Y nⱼ₊₁ / nⱼ with Y = n₁ / (n₁ + 2 n₂), where nⱼ n-grams came j times."""
    came = Counter(count for after in level.values() for count in after.values())
    if not all(came[j] for j in (1, 2, 3, 4)):
        return 0.5, 0.5, 0.5
    Y = came[1] / (came[1] + 2 * came[2])
    D = tuple(j - (j + 1) * Y * came[j + 1] / came[j] for j in (1, 2, 3))
    return D if min(D) > 0 else (0.5, 0.5, 0.5)
