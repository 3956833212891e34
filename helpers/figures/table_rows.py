"""A small embedding table with its numbers: the row that a one-hot vector picks, its gradient, and its cosines."""

import numpy as np

from helpers.figures.machine import Arrow, Part, draw_machine, short_number
from helpers.layers.embedding import cosine_similarities, embedding, embedding_backward, one_hot

READING_STEPS = (
    6  # of the machine: table, one-hot, products, sum, gradient of e, gradient of the table, table after a step
)


def draw_picked_rows(words, E, read, wanted, step, rate=1.0):
    """Draw the table, what is read from it, and the gradient of L = ½ Σ ‖e − wanted‖² on its way back.

    Parameters
    ----------
    words : list of str
        The names of the rows.
    E : ndarray (V, D)
    read : list of str
        The words that are read, up to two.
    wanted : ndarray (D,)
        What the loss wants each e to be.
    step : int
        From 0, the table alone, to READING_STEPS, the table after a step of gradient descent.
    rate : float

    Returns
    -------
    matplotlib.figure.Figure
    str
        What is to be seen.

    Raises
    ------
    ValueError
        When a word has no row, or there is no such step.
    """
    if not 0 <= step <= READING_STEPS or not {*read} <= {*words} or not 1 <= len(read) <= 2:
        raise ValueError(
            f"read is {read} at step {step}, expected one or two of {words} and a step from 0 to {READING_STEPS}"
        )
    ids, V = np.array([words.index(word) for word in read]), len(words)
    e, cache = embedding(ids, E)
    de = (e - wanted) / len(read)
    dE = embedding_backward(de, cache, E)
    table = E - rate * dE if step == READING_STEPS else E
    middle = (V - 1) / 2
    parts = [*_one_hot_columns(one_hot(ids, V), read, step), *_rows(words, table, dE if step >= 5 else None, ids)]
    parts.append(Part("floor", (1.75, V - 0.6), "text", label=" "))  # so that no step is taller than another
    arrows = []
    for n, i in enumerate(ids):
        row = middle + (n - (len(ids) - 1) / 2) * 1.0
        look = {"value": e[n] if step >= 3 else None, "shape": e[n].shape, "back": de[n] if step >= 4 else None}
        parts.append(Part(f"e{n}", (3.75, row), role="output", label=f"e of {read[n]}", **look))
        if step >= 3:
            arrows.append(Arrow(f"E{i}", f"e{n}", 0.5, back=step >= 5, leaves="right", enters="left"))
    now = {1: ["x"], 2: [f"E{i}" for i in ids], 3: [f"e{n}" for n in range(len(ids))]}.get(step, [])
    return draw_machine(parts, arrows, now=tuple(dict.fromkeys(now)), scale=1.5), _tell(words, E, de, read, ids, step)


def _one_hot_columns(x, read, step):
    value = x.T if step else None
    yield Part(
        "x",
        (0, (x.shape[1] - 1) / 2),
        role="input",
        value=value,
        shape=x.T.shape,
        decimals=0,
        size=(0.3 * len(read), 0.75 * x.shape[1]),
        label="one-hot",
    )


def _rows(words, table, dE, ids):
    for v, word in enumerate(words):
        yield Part(f"word{v}", (0.62, v), "text", label=word, touch=f"word={word}")
        back = None if dE is None else dE[v]
        yield Part(f"E{v}", (1.75, v), role="weight", value=table[v], back=back, label="" if v else "the table E")


def _tell(words, E, de, read, ids, step):
    names = " and ".join(f"“{word}”" for word in read)
    twice = len(read) > len({*ids.tolist()})
    row = f"the row of “{read[0]}”" if len(read) == 1 or twice else f"the rows of {names}"
    picked, gradient = (", ".join(short_number(value) for value in numbers) for numbers in (E[ids[0]], de[0]))
    has = "has" if row.startswith("the row of") else "have"
    return (
        f"Reading {names}: "
        + (
            f"the table has a row of numbers for each of {len(words)} words. Nothing is read yet.",
            "each word that is read is a column of zeros, with a single 1 beside its row.",
            f"each row of the table is multiplied by its number in the column, {row} by 1, the others by 0.",
            f"the sum of the products for “{read[0]}” is its row, {picked}. A look-up gives the same.",
            f"a loss says how the numbers should change. Orange is its gradient, {gradient} for “{read[0]}”.",
            f"the gradient goes back to {row}. What was not read gets exactly 0."
            + (" The same row was read twice, so both gradients are added." if twice else ""),
            f"after one step against the gradient, {row} {has} moved, and nothing else.",
        )[step]
    )


def draw_changed_number(words, E, word, place, value):
    """Draw the table with one number of one word changed, and the cosines of all words.

    Parameters
    ----------
    words : list of str
        The names of the rows.
    E : ndarray (V, D)
    word : str
        Whose number is changed.
    place : int
        Which of its numbers, from 0.
    value : float
        What the number becomes.

    Returns
    -------
    matplotlib.figure.Figure
    str
        What is to be seen.

    Raises
    ------
    ValueError
        When the word has no row, or there is no such place.
    """
    if word not in words or not 0 <= place < E.shape[1]:
        raise ValueError(f"word is {word!r} and place {place}, expected one of {words} and a place below {E.shape[1]}")
    i = words.index(word)
    table = E.copy()
    table[i, place] = value
    cosines = cosine_similarities(table, table)
    parts = [*_rows(words, table, None, ())]
    for v in range(len(words)):
        label = "" if v else f"cosine with {', '.join(words)}"
        parts.append(Part(f"cosine{v}", (3.65, v), role="output", value=cosines[v], label=label))
    figure = draw_machine(parts, (), now=(f"E{i}",), scale=1.5)
    others = [v for v in range(len(words)) if v != i]
    nearest = max(others, key=lambda v: cosines[i, v])
    said = ", ".join(f"{short_number(cosines[i, v])} with {words[v]}" for v in others)
    row = ", ".join(short_number(number) for number in table[i])
    return figure, f"{word} is now ({row}). Its cosine is {said}: the nearest word to {word} is {words[nearest]}."
