"""The exact probability of each next word of a caption, as a model that every search can ask."""

import numpy as np

from helpers.core.checks import as_array, as_list, check_indices, check_integer, check_shape
from helpers.data.pictures.wording import caption_distribution

_NEITHER = -1  # the place of a caption that nobody says


def true_captioner(scenes, wording, vocab):
    """Make P(next word | words so far, scene) a model: ``step, state`` as `helpers.decoding.interface` wants them.

    No captioner can know more than this one. What a search makes of it is the search's doing, and no model's.

    Parameters
    ----------
    scenes : list of B tuples of PictureObject
    wording : Wording
    vocab : Vocab
        With every word that may be said, such as `caption_vocab` gives.

    Returns
    -------
    step : function
        ``step(tokens (N,), state) -> log_probs (N, V), state``. After words that nobody says, `<end>` is certain.
    state : ndarray of int (B, 1)
        A row for each scene: the place in the tree of all captions.

    Raises
    ------
    ValueError
        When there is no scene, one is none, a share is out of range, or the vocabulary lacks a word.
    """
    scenes = as_list("scenes", scenes)
    check_integer("the number of scenes", len(scenes))
    tree = []  # for each place {token: (place after it, probability of it)}
    roots = [_grow(tree, caption_distribution(scene, wording), vocab) for scene in scenes]
    V, start, end = len(vocab), vocab.ids["<start>"], vocab.ids["<end>"]

    def step(tokens, state):
        tokens = as_array("tokens", tokens)
        check_shape("tokens", tokens, "N", N=len(state))
        check_indices("tokens", tokens, V)
        log_probs, after = np.full((len(tokens), V), -np.inf), state.copy()
        for row, (token, place) in enumerate(zip(tokens.tolist(), state[:, 0].tolist(), strict=True)):
            if token != start:
                place = tree[place].get(token, (_NEITHER, 0.0))[0] if place != _NEITHER else _NEITHER
            options = {end: (_NEITHER, 1.0)} if place == _NEITHER else tree[place]
            for word, (_, share) in options.items():
                log_probs[row, word] = np.log(share)
            after[row, 0] = place
        return log_probs, after

    return step, np.array(roots)[:, None]


def _grow(tree, distribution, vocab):
    """Add the captions of one scene to the tree, and return the place where they begin."""
    missing = sorted({word for caption in distribution for word in caption} - {*vocab.ids})
    if missing:
        raise ValueError(f"the vocabulary lacks {', '.join(missing[:5])}, expected every word that may be said")
    captions = [([*map(vocab.ids.get, caption), vocab.ids["<end>"]], share) for caption, share in distribution.items()]
    return _branch(tree, captions)


def _branch(tree, captions):
    """Add a place from which these go on, each (tokens, probability), and all places after it."""
    total, here = sum(share for _, share in captions), len(tree)
    tree.append({})
    for token in dict.fromkeys(tokens[0] for tokens, _ in captions):
        rest = [(tokens[1:], share) for tokens, share in captions if tokens[0] == token]
        after = _branch(tree, rest) if rest[0][0] else _NEITHER
        tree[here][token] = after, sum(share for _, share in rest) / total
    return here
