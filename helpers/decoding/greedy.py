"""Greedy search: the most probable next token, at every step."""

from helpers.decoding.one_path import follow


def greedy(step, state, start, end, max_length, alpha=1.0):
    """y_t = argmax P(y | y_1 … y_{t−1}, source); of equal ones the lowest token.

    The most probable token at each step does not make the most probable sequence.

    Parameters
    ----------
    step : function
        The model, ``step(tokens (N,), state) -> log_probs (N, V), state``, see `helpers.decoding.model`.
    state : nest
        What the model knows before `<start>`, a row for each of B sources.
    start, end : int
        The tokens `<start>` and `<end>`; an `end` of −1 never comes.
    max_length : int
        Tokens to generate at most, `<end>` included.
    alpha : float
        The exponent of the score, log P / length^α. It changes no token here.

    Returns
    -------
    list of list of Hypothesis
        For each source one hypothesis.

    Raises
    ------
    ValueError
        When the sizes are impossible, or the model gives no log-probabilities.
    """
    return follow(step, state, start, end, max_length, lambda log_probs: log_probs.argmax(axis=1), alpha)
