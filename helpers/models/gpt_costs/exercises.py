"""Exercise: the number of weights and biases of a GPT, from four numbers."""

from helpers.core.exercises import Exercise, Mistake


def _draw_sizes(rng):
    V, D, layers, T_max = rng.permutation([50, 60, 70, 80])[:4] * [10, 4, 1, 3]
    return V, D, layers, T_max


def _gpt_weights(V, D, layers, T_max):
    attention = 4 * (D * D + D)
    feed_forward = 2 * 4 * D * D + 4 * D + D
    return V * D + T_max * D + layers * (attention + feed_forward + 4 * D) + 2 * D


gpt_weights_exercise = Exercise(
    name="gpt_weights",
    shapes={"N": ""},
    draw=_draw_sizes,
    values=_gpt_weights,
    mistakes=(
        Mistake(
            "the positions have embeddings too, T_max of them.",
            lambda V, D, layers, T_max: _gpt_weights(V, D, layers, T_max) - T_max * D,
        ),
        Mistake(
            "the biases are missing: 4 D in attention, 4 D and D in the feed-forward network.",
            lambda V, D, layers, T_max: _gpt_weights(V, D, layers, T_max) - layers * 9 * D,
        ),
        Mistake(
            "after the last layer there is one more norm: 2 D.",
            lambda V, D, layers, T_max: _gpt_weights(V, D, layers, T_max) - 2 * D,
        ),
        Mistake(
            "a norm has D gains and D shifts, and each layer has two norms.",
            lambda V, D, layers, T_max: _gpt_weights(V, D, layers, T_max) - layers * 2 * D,
        ),
        Mistake(
            "the output is tied: it is the token embedding, which is counted once.",
            lambda V, D, layers, T_max: _gpt_weights(V, D, layers, T_max) + V * D,
        ),
        Mistake(
            "the feed-forward network goes from D to 4 D and back: two maps of 4 D².",
            lambda V, D, layers, T_max: _gpt_weights(V, D, layers, T_max) - layers * (6 * D * D + 3 * D),
        ),
    ),
)
