"""What tables of word vectors cost and can do: how they are read, how large they are, and with how many labels."""

import numpy as np

from helpers.core.checks import check_choice
from helpers.figures.comparisons import draw_accuracy_by_labels, draw_cost, draw_values_of_seeds
from helpers.figures.learning_curves import draw_learning_curves
from helpers.layers.reading_costs import input_bytes


def draw_reading_cost(sizes, seconds, size, B, D):
    """Draw the bytes and the time of reading B words, by a product with one-hot vectors and by a look-up.

    Parameters
    ----------
    sizes : list of int
        |V|.
    seconds : list of dict
        For each size what `helpers.layers.reading_costs.reading_seconds` gives.
    size : int
        Which of the sizes is marked.
    B, D : int
        Words, and numbers of each.

    Returns
    -------
    matplotlib.figure.Figure
    str
        What is to be seen.
    """
    check_choice("size", size, sizes)
    counted = [input_bytes(V, B) for V in sizes]
    by_way = [{way: np.array([each[way] for each in costs]) for way in costs[0]} for costs in (counted, seconds)]
    at = sizes.index(size)
    one_hots, ids = counted[at].values()
    sentence = f"At |V| = {size:,} one-hot vectors need {one_hots:,} bytes, ids {ids}. "
    sentence += f"The product makes {B * size * D:,} multiplications, the look-up none."
    return draw_cost(sizes, *by_way, at), sentence


def draw_table_size(above, right_kind, D):
    """Draw how the loss of tables with D numbers a word falls with training, one size in colour.

    Parameters
    ----------
    above, right_kind : dict
        D → (steps, values), as `helpers.data.results.curves_of_arms` gives them: nats above the bigram floor, and the
        share of neighbours of a word's own kind.
    D : int

    Returns
    -------
    matplotlib.figure.Figure
    str
        What is to be seen.
    """
    check_choice("D", D, above)
    curves = {f"D = {size}": curve for size, curve in above.items()}
    figure = draw_learning_curves(curves, "nats above the bigram floor", [f"D = {D}"], log=(-4, 0))
    steps, values = above[D]
    first, last = np.median(values, axis=0)[[0, -1]]
    sentence = f"With {D} numbers a word the loss is {first:.4f} nats above the floor after {steps[0]} steps, "
    sentence += (
        f"{last:.4f} after {steps[-1]:,}. Then {np.median(right_kind[D][1][:, -1]):.0%} of all neighbours are of "
    )
    return figure, sentence + "the word's own kind (medians of the seeds)."


def draw_pseudoword(table, pair):
    """Draw how near the vector of a pseudoword is to words of both kinds, and to all others.

    Parameters
    ----------
    table : ndarray
        The results of `experiments/two_meanings.py`.
    pair : str
        The two words that were written as one, with a stroke between them.

    Returns
    -------
    matplotlib.figure.Figure
    str
        What is to be seen.
    """
    check_choice("pair", pair, list(dict.fromkeys(table["pair"].tolist())))
    rows, (first, second) = table[table["pair"] == pair], pair.split("/")
    near = {f"like {first}": rows["to_first"], f"like {second}": rows["to_second"], "others": rows["to_others"]}
    share, told = np.median(rows["share_first"]), np.median(rows["right"])
    sentence = (
        f"{share:.0%} of the pseudoword {pair} is {first}. The words around it tell which is meant in {told:.0%}; "
    )
    sentence += f"the more frequent word alone would be right in {max(share, 1 - share):.0%}."
    return draw_values_of_seeds(near, "mean cosine to words"), sentence


def draw_labels_needed(labels, right, way, beside="from scratch"):
    """Draw right answers by the number of labels, of one way to use a table and of another beside it.

    Parameters
    ----------
    labels : list of int
    right : dict
        Way → shares of right answers (len(labels), seeds).
    way, beside : str

    Returns
    -------
    matplotlib.figure.Figure
    str
        What is to be seen.
    """
    check_choice("way", way, right)
    check_choice("beside", beside, right)
    means = {name: right[name].mean(axis=1) for name in (way, beside)}
    ends = (
        f"with {labels[n]} labels {means[way][n]:.2f} are right, {beside} {means[beside][n]:.2f}"
        for n in (len(labels) // 3, -1)
    )
    figure = draw_accuracy_by_labels(labels, {name: right[name] for name in (beside, way)}, 1.0)
    return figure, f"{way[0].upper()}{way[1:]}: {'; '.join(ends)} (means of the seeds, bands from worst to best)."
