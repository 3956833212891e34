"""The losses of word2vec a second time, in torch, straight from their definitions: autograd gives their gradients."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy, logsigmoid

from helpers.core.checks import check_choice, check_counts, check_floats, check_indices, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.models.word2vec.huffman import huffman_codes, huffman_paths
from helpers.models.word2vec.model import OUTPUTS, Word2VecParams
from helpers.models.word2vec.noise import noise_distribution


def torch_loss(E, W, examples, output, counts, negatives=None, power=0.75):
    """L as `word2vec_loss` sums it, in nats, as a tensor that autograd can differentiate.

    Parameters
    ----------
    E, W : Tensor
        The two tables.
    examples : Examples
    output : "softmax", "hierarchical", "negative" or "nce"
    counts : ndarray (V,)
    negatives : ndarray of int (N, k), optional
    power : float
        Of the noise distribution.

    Returns
    -------
    Tensor ()
    """
    examples, counts, negatives, noise = _checked(E, W, examples, output, counts, negatives, power)
    share = torch.tensor(examples.mask / examples.mask.sum(axis=1, keepdims=True)).to(E.dtype)
    h = (E[torch.tensor(examples.inputs)] * share[..., None]).sum(dim=1)
    targets = torch.tensor(examples.targets)
    if output == "softmax":
        return cross_entropy(h @ W.T, targets, reduction="sum")
    if output == "hierarchical":
        return _tree_loss(h, W, examples.targets, counts)
    shift = torch.zeros(len(counts), dtype=W.dtype)
    if output == "nce":
        k_q = negatives.shape[1] * noise
        shift = torch.tensor(np.log(counts / counts.sum()) - np.log(k_q), dtype=W.dtype)
    right = (h * W[targets]).sum(dim=1) + shift[targets]
    wrong = torch.einsum("nd,nkd->nk", h, W[torch.tensor(negatives)]) + shift[torch.tensor(negatives)]
    return -logsigmoid(right).sum() - logsigmoid(-wrong).sum()


@refuse_overflow
def torch_gradients(params, examples, output, counts, negatives=None, power=0.75):
    """∂L/∂E and ∂L/∂W by autograd, as arrays; it takes what `torch_loss` takes, with the tables as arrays.

    Parameters
    ----------
    params : Word2VecParams

    Returns
    -------
    Word2VecParams

    Raises
    ------
    ValueError
        When shapes do not fit, the two tables have different dtypes, or a number is NaN or infinite.
    """
    check_floats(E=params.E, W=params.W)
    tables = [torch.tensor(table, requires_grad=True) for table in params]
    torch_loss(*tables, examples, output, counts, negatives, power).backward()
    return Word2VecParams(*(table.grad.numpy() for table in tables))


def _checked(E, W, examples, output, counts, negatives, power):
    """Refuse what does not fit; return examples and negatives of int64, the counts, and the noise (V,)."""
    V, _ = _check_tables(E, W)
    _, _, targets = examples
    check_choice("output", output, OUTPUTS)
    N, C = check_shape("inputs", examples.inputs, "N C")
    check_indices("inputs", examples.inputs, V)
    check_shape("mask", examples.mask, "N C", N=N, C=C)
    if np.asarray(examples.mask).dtype != bool or not np.asarray(examples.mask).any(axis=1).all():
        raise ValueError("mask is not of bool, or has a row without True; expected at least one in each row")
    check_shape("targets", targets, "N", N=N)
    check_indices("targets", targets, V)
    counts = check_counts(counts)
    check_shape("counts", counts, "V", V=V)
    if output in ("negative", "nce"):
        check_shape("negatives", negatives, "N k", N=N)
        check_indices("negatives", negatives, V)
    noise = noise_distribution(counts, power)
    rows = V - 1 if output == "hierarchical" else V
    if len(W) != rows:
        raise ValueError(f"W has {len(W)} rows, expected {rows}")
    if output == "nce" and not (noise[np.append(_int64(targets), _int64(negatives))] > 0).all():
        raise ValueError("a word of the examples is never drawn from the noise, expected noise that can draw each")
    mask = np.asarray(examples.mask)
    examples = examples._replace(inputs=_int64(examples.inputs), mask=mask, targets=_int64(targets))
    negatives = None if negatives is None else _int64(negatives)
    return examples, counts, negatives, noise


def _check_tables(E, W):
    for name, table in (("E", E), ("W", W)):
        if not isinstance(table, torch.Tensor) or not table.is_floating_point() or table.ndim != 2:
            raise ValueError(f"{name} is {str(table)[:60]}, expected a Tensor of floats with two axes")
        if not torch.isfinite(table).all():
            raise ValueError(f"{name} has values that are NaN or infinite, expected finite ones")
    if E.shape[1] != W.shape[1] or E.dtype != W.dtype:
        raise ValueError(f"E is {tuple(E.shape)} {E.dtype}, W {tuple(W.shape)} {W.dtype}, expected one width and dtype")
    return E.shape


def _int64(ids):
    return np.asarray(ids).astype(np.int64)


def _tree_loss(h, W, targets, counts):
    codes, nodes = huffman_codes(counts), huffman_paths(counts).nodes
    loss = torch.zeros((), dtype=W.dtype)
    for row, word in zip(h, targets, strict=True):
        for bit, node in zip(codes[word], nodes[word], strict=False):
            right = torch.sigmoid(row @ W[node])
            loss = loss - torch.log(right if bit else 1 - right)
    return loss
