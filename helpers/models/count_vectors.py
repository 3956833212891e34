"""Word vectors without training: counts, weighted by how much they tell, and made short by an SVD."""

import numpy as np

from helpers.core.checks import as_floats, check_finite, check_integer, check_number, check_positive, check_shape


def pmi(counts, power=1.0):
    """PMI(v, w) = ln [p(v, w) / (p(v) p(w))], in nats: how much more often two words meet than by chance.

    Parameters
    ----------
    counts : ndarray (V, C)
        How often word v meets context w, such as `helpers.data.cooccurrence.cooccurrence_counts` gives.
    power : float
        p(w) of the contexts is made of counts to this power; 0.75 makes rare contexts count less.

    Returns
    -------
    ndarray (V, C)
        −inf where the two never meet.

    Raises
    ------
    ValueError
        When the counts are not finite, below 0 or all 0, or the power is not above 0.

    References
    ----------
    Church and Hanks 1990, "Word association norms, mutual information, and lexicography"; the power is that of Levy,
    Goldberg and Dagan 2015, https://doi.org/10.1162/tacl_a_00134.
    """
    counts = _check_table("counts", counts)
    check_positive("power", power)
    p = counts / counts.max()  # no sum of them overflows
    p = p / p.sum(dtype=np.float64)
    p_v, p_w = p.sum(axis=1, keepdims=True), p.sum(axis=0, keepdims=True)
    p_w = (p_w / p_w.max()) ** power
    with np.errstate(divide="ignore", invalid="ignore"):
        table = np.log(p) - np.log(p_v) - np.log(p_w / p_w.sum())
    if not np.isfinite(table[p > 0]).all():
        raise ValueError(f"power is {power:.3g}, expected a smaller number: a probability to this power is 0")
    return np.where(p > 0, table, -np.inf).astype(counts.dtype)


def positive_pmi(counts, k=1.0, power=1.0):
    """max(PMI(v, w) − ln k, 0): what is met less often than by chance counts as nothing.

    Parameters
    ----------
    counts : ndarray (V, C)
    k : float
        Above 0; 1 shifts nothing. A larger one is the number of noise words of negative sampling.
    power : float
        See `pmi`.

    Returns
    -------
    ndarray (V, C)

    References
    ----------
    Levy and Goldberg 2014, "Neural word embedding as implicit matrix factorization" (NIPS): skip-gram with k noise
    words fits PMI − ln k.
    """
    check_positive("k", k)
    table = pmi(counts, power)
    return np.maximum(table - table.dtype.type(np.log(k)), 0)


def tf_idf(counts):
    """n(text, w) · ln(texts / texts with w): a word counts the more, the fewer texts have it.

    Parameters
    ----------
    counts : ndarray (texts, V)
        Bags of words.

    Returns
    -------
    ndarray (texts, V)
        0 for a word that every text has.

    Raises
    ------
    ValueError
        When the counts are not finite, below 0 or all 0, or a product overflows.

    References
    ----------
    Spärck Jones 1972, https://doi.org/10.1108/eb026526.
    """
    counts = _check_table("counts", counts)
    texts_with = np.maximum((counts > 0).sum(axis=0), 1)  # a word that no text has: its counts are 0
    with np.errstate(over="ignore"):
        weighted = (counts * np.log(len(counts) / texts_with)).astype(counts.dtype)
    if not np.isfinite(weighted).all():
        raise ValueError(f"counts has numbers up to {counts.max():.3g}, expected smaller ones: a product overflows")
    return weighted


def svd_vectors(matrix, D, power=0.5):
    """U_D S_D^power of the singular value decomposition matrix = U S Vᵀ: the D directions that keep most of it.

    Parameters
    ----------
    matrix : ndarray (V, C)
        Such as `positive_pmi` gives.
    D : int
        Numbers for each word, at most the smaller side of the matrix.
    power : float
        0 makes all directions equally long; 1 keeps the products of all rows as well as D numbers can.

    Returns
    -------
    ndarray (V, D)
        The sign of each column is such that its largest number is positive.

    Raises
    ------
    ValueError
        When the matrix is not finite, D is above its smaller side, or the power is below 0.

    References
    ----------
    Deerwester et al. 1990, "Indexing by latent semantic analysis"; Eckart and Young 1936,
    https://doi.org/10.1007/BF02288367: no matrix of rank D is nearer.
    """
    matrix = as_floats("matrix", matrix)
    sides = check_shape("matrix", matrix, "V C")
    check_finite("matrix", matrix)
    D = check_integer("D", D)
    if min(sides) < D:
        raise ValueError(f"D is {D}, expected at most {min(sides)}, the smaller side of the matrix")
    check_number("power", power)
    if power < 0:
        raise ValueError(f"power is {power}, expected at least 0")
    with np.errstate(over="ignore", invalid="ignore"):
        wide = matrix.astype(np.float64)
        size = np.abs(wide).max() or 1.0
        U, S, _ = np.linalg.svd(wide / size, full_matrices=False)
        vectors = U[:, :D] * (S[:D] ** power * size**power)
        signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(D)])
        vectors = (vectors * np.where(signs == 0, 1, signs)).astype(matrix.dtype)
    if not np.isfinite(vectors).all():
        raise ValueError(f"matrix has numbers up to {size:.3g}, expected smaller ones: a singular value overflows")
    return vectors


def _check_table(name, counts):
    counts = as_floats(name, counts)
    check_shape(name, counts, "V C")
    check_finite(name, counts)
    if not counts.any() or counts.min() < 0:
        raise ValueError(f"{name} has its smallest number at {counts.min(initial=0)}; expected none below 0, one above")
    return counts
