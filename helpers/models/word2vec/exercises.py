"""Exercises of word2vec: the probability of a word at the end of its path, and negative sampling with its gradients."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.gradient_check import numerical_gradient
from helpers.core.numerics import sigmoid


def _draw_path(rng):
    J, D = rng.permutation([3, 4])  # two sizes, so that a swapped axis shows
    bits = rng.permutation(np.arange(J) % 2)  # both bits, whatever is drawn
    return rng.standard_normal(D), rng.standard_normal((J, D)), bits


def _path_probability(h, nodes, bits, sign=lambda bits: np.where(bits, 1, -1), join=np.prod):
    return join(sigmoid(sign(bits) * (nodes @ h)))


def _wrong_path(**parts):
    return lambda h, nodes, bits: _path_probability(h, nodes, bits, **parts)


path_probability_exercise = Exercise(
    name="path_probability",
    shapes={"p": ""},
    draw=_draw_path,
    values=_path_probability,
    mistakes=(
        Mistake("all questions are answered with bit 1 here; where the bit is 0, the way has σ(−s).",
                _wrong_path(sign=np.ones_like)),
        Mistake("the two ways are exchanged: σ(s) is the way of bit 1.",
                _wrong_path(sign=lambda bits: np.where(bits, -1, 1))),
        Mistake("σ(bit · s) is ½ where the bit is 0; the sign is plus or minus.", _wrong_path(sign=lambda bits: bits)),
        Mistake("all questions must be answered so: multiply, do not add.", _wrong_path(join=np.sum)),
        Mistake("the ways of a path are multiplied: what flows is shared out again at each node.",
                _wrong_path(join=np.mean)),
        Mistake("that is the loss, −ln p; return p itself.", _wrong_path(join=lambda ways: -np.log(ways).sum())),
        Mistake("that is ln p; return p itself.", _wrong_path(join=lambda ways: np.log(ways).sum())),
    ),
)  # fmt: skip


def _draw_noise(rng):
    D, k = rng.permutation([3, 4])
    return rng.standard_normal(D), rng.standard_normal(D), rng.standard_normal((k, D))


def _noise_loss(h, w, noise):
    return -np.log(sigmoid(w @ h)) - np.log(sigmoid(-(noise @ h))).sum()


def _differences(h, w, noise):
    """The loss, and its gradients by central differences."""
    return (
        np.asarray(_noise_loss(h, w, noise)),
        numerical_gradient(lambda h: float(_noise_loss(h, w, noise)), h),
        numerical_gradient(lambda w: float(_noise_loss(h, w, noise)), w),
        numerical_gradient(lambda noise: float(_noise_loss(h, w, noise)), noise),
    )


def _negative_sampling(
    h, w, noise, loss=_noise_loss, of_target=lambda s: sigmoid(s) - 1, of_noise=sigmoid, to_h=(1, 1)
):
    ds, ds_noise = of_target(w @ h), of_noise(noise @ h)
    dh = to_h[0] * ds * w + to_h[1] * ds_noise @ noise
    return loss(h, w, noise), dh, ds * h, np.outer(ds_noise, h)


def _wrong_noise(**parts):
    return lambda h, w, noise: _negative_sampling(h, w, noise, **parts)


def _noise_as_true(h, w, noise):
    return -np.log(sigmoid(w @ h)) - np.log(sigmoid(noise @ h)).sum()


def _mean_of_noise(h, w, noise):
    return -np.log(sigmoid(w @ h)) - np.log(sigmoid(-(noise @ h))).mean()


negative_sampling_exercise = Exercise(
    name="negative_sampling_step",
    shapes={"loss": "", "dh": "D", "dw": "D", "dnoise": "k D"},
    draw=_draw_noise,
    values=_negative_sampling,
    gradients=_differences,
    mistakes=(
        Mistake("the noise should be answered no: its part is −ln σ(−s), with a minus inside.",
                _wrong_noise(loss=_noise_as_true)),
        Mistake("the loss adds up the k noise words; it takes no mean.", _wrong_noise(loss=_mean_of_noise)),
        Mistake("the sign of the loss: it is minus the logarithm.", _wrong_noise(loss=lambda *a: -_noise_loss(*a))),
        Mistake("the label of the target is 1: its slope is σ(s) − 1.", _wrong_noise(of_target=sigmoid)),
        Mistake("the sign of the target's slope: it is σ(s) − 1, which is negative, so that a step raises s.",
                _wrong_noise(of_target=lambda s: 1 - sigmoid(s))),
        Mistake("the label of a noise word is 0: its slope is σ(s).", _wrong_noise(of_noise=lambda s: sigmoid(s) - 1)),
        Mistake("the sign of the noise's slope: it is +σ(s), so that a step lowers s.",
                _wrong_noise(of_noise=lambda s: -sigmoid(s))),
        Mistake("h stands in all 1 + k scores: add what the noise sends back.", _wrong_noise(to_h=(1, 0))),
        Mistake("h stands in all 1 + k scores: add what the target sends back.", _wrong_noise(to_h=(0, 1))),
    ),
)  # fmt: skip
