"""Exercise: the gradient of the whole batch, from the mean gradients of shares that differ in tokens."""

from helpers.core.exercises import Exercise, Mistake


def _draw_shares(rng):
    P, N = rng.permutation([3, 5])
    return rng.standard_normal((P, N)), rng.integers(1, 40, P).astype(float)


def _whole_gradient(means, counts):
    return (counts[:, None] * means).sum(axis=0) / counts.sum()


whole_gradient_exercise = Exercise(
    name="whole_gradient",
    shapes={"gradient": "N"},
    draw=_draw_shares,
    values=_whole_gradient,
    mistakes=(
        Mistake(
            "this is the mean of the means: a token of a short share counts for more. Weigh each by its tokens.",
            lambda means, counts: means.mean(axis=0),
        ),
        Mistake(
            "this is the sum over all tokens: divide it by their number.",
            lambda means, counts: (counts[:, None] * means).sum(axis=0),
        ),
        Mistake(
            "it is divided by the number of processes, where the number of tokens belongs.",
            lambda means, counts: (counts[:, None] * means).mean(axis=0),
        ),
        Mistake(
            "the means are added as they are: weigh each by its tokens, and divide by all of them.",
            lambda means, counts: means.sum(axis=0),
        ),
    ),
)
