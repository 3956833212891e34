"""An exercise of convolution: the forward pass, without padding, at stride 1."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.layers.convolution.conv2d import ConvParams, conv2d


def _draw(rng):
    C, D = rng.permutation([2, 3])
    return rng.standard_normal((C, 6, 5)), rng.standard_normal((D, C, 3, 2)), rng.standard_normal(D)


def _convolve(x, W, b):
    return conv2d(x[None], ConvParams(W, b))[0][0]


def _padded(x, W, b):
    return conv2d(x[None], ConvParams(W, b), padding=1)[0][0]


def _for_each_channel(x, W, b):
    """The products of each place are averaged over the channels."""
    return _convolve(x, W / len(x), b)


convolve_exercise = Exercise(
    name="convolve",
    shapes={"y": "D H_out W_out"},
    draw=_draw,
    values=_convolve,
    mistakes=(
        Mistake("the bias is missing.", lambda x, W, b: _convolve(x, W, np.zeros_like(b))),
        Mistake(
            "the kernel is turned round: W[d, c, 0, 0] meets the upper left pixel of the window.",
            lambda x, W, b: _convolve(x, W[..., ::-1, ::-1], b),
        ),
        Mistake("sum over the channels; do not take their mean.", _for_each_channel),
        Mistake("only the first channel is read: sum over all C.", lambda x, W, b: _convolve(x[:1], W[:, :1], b)),
        Mistake("the bias is added at every channel: add it once.", lambda x, W, b: _convolve(x, W, b * len(x))),
        Mistake("there is no padding: the window stays inside the picture.", _padded),
        Mistake(
            "the last row and the last column are missing: there are H − k + 1 places for a window of k.",
            lambda x, W, b: _convolve(x, W, b)[:, :-1, :-1],
        ),
    ),
)
