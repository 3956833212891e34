"""The losses of word2vec a second time, in torch, straight from their definitions: autograd gives their gradients."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy, logsigmoid

from helpers.models.word2vec.huffman import huffman_codes, huffman_paths
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
    share = torch.tensor(examples.mask / examples.mask.sum(axis=1, keepdims=True))
    h = (E[torch.tensor(examples.inputs)] * share[..., None]).sum(dim=1)
    targets = torch.tensor(examples.targets)
    if output == "softmax":
        return cross_entropy(h @ W.T, targets, reduction="sum")
    if output == "hierarchical":
        return _tree_loss(h, W, examples.targets, counts)
    shift = torch.zeros(len(counts), dtype=W.dtype)
    if output == "nce":
        k_q = negatives.shape[1] * noise_distribution(counts, power)
        shift = torch.tensor(np.log(counts / counts.sum()) - np.log(k_q), dtype=W.dtype)
    right = (h * W[targets]).sum(dim=1) + shift[targets]
    wrong = torch.einsum("nd,nkd->nk", h, W[torch.tensor(negatives)]) + shift[torch.tensor(negatives)]
    return -logsigmoid(right).sum() - logsigmoid(-wrong).sum()


def _tree_loss(h, W, targets, counts):
    codes, nodes = huffman_codes(counts), huffman_paths(counts).nodes
    loss = torch.zeros((), dtype=W.dtype)
    for row, word in zip(h, targets, strict=True):
        for bit, node in zip(codes[word], nodes[word], strict=False):
            right = torch.sigmoid(row @ W[node])
            loss = loss - torch.log(right if bit else 1 - right)
    return loss
