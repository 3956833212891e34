"""What a head of self-attention looks at, and what is lost without it: the ablation of single heads."""

import numpy as np

from helpers.core.checks import check_finite, check_integer
from helpers.core.params import check_numbers, named_arrays
from helpers.layers.attention.multi_head import check_multi_head_params
from helpers.models.self_attention_tagger import self_attention_tagger, self_attention_tagger_accuracy


def without_head(params, heads, head):
    """Set the rows of W_o that read one head to 0, so that nothing of it reaches the output.

    Parameters
    ----------
    params : SelfAttentionTaggerParams
    heads : int
    head : int
        From 0.

    Returns
    -------
    SelfAttentionTaggerParams

    Raises
    ------
    ValueError
        When there is no such head, or the weights do not fit each other or are not finite.
    """
    check_numbers(params=params)
    for name, array in named_arrays(params):
        check_finite(name, array)
    check_multi_head_params(params.attention, heads)
    if check_integer("head", head, least=0) >= check_integer("heads", heads):
        raise ValueError(f"head is {head}, expected 0 to {heads - 1}")
    W_o = params.attention.W_o.copy()
    W_o.reshape(heads, -1, W_o.shape[1])[head] = 0
    return params._replace(attention=params.attention._replace(W_o=W_o))


def accuracy_without(params, heads, tokens, answers):
    """The share of right answers to each question without each head, ndarray (K, Q); see `without_head`."""
    less = (without_head(params, heads, head) for head in range(check_integer("heads", heads)))
    return np.stack([self_attention_tagger_accuracy(each, tokens, answers, heads) for each in less])


def mean_looks(params, heads, tokens):
    """The mean weight that each head gives to the place before, to the one after, and to the largest id.

    Parameters
    ----------
    params : SelfAttentionTaggerParams
    heads : int
    tokens : ndarray of int (B, T)
        With T at least 2. Of `helpers.data.tasks.digit_among_letters`, whose digits have the largest ids.

    Returns
    -------
    ndarray (K, 3)
    """
    _, maps, _ = self_attention_tagger(tokens, params, heads)  # (B, K, T, T)
    if maps.shape[-1] < 2:
        raise ValueError("tokens has sequences of one place, expected at least two")
    t, largest = np.arange(maps.shape[-1]), np.asarray(tokens).argmax(axis=1)
    before, after = maps[:, :, t[1:], t[:-1]], maps[:, :, t[:-1], t[1:]]
    digit = np.stack([of_one[:, :, s] for of_one, s in zip(maps, largest, strict=True)])
    return np.stack([looks.mean(axis=(0, 2)) for looks in (before, after, digit)], axis=1)
