"""The attention weights of a trunk: how much every token takes from every other, in each head of each layer."""

from math import sqrt

import torch

from helpers.models.torch_modules import check_tensor, embed_ids


@torch.no_grad()
def attention_weights(trunk, tokens, mask=None):
    """softmax(q kᵀ / √d) of every layer and head, over what each token may attend to.

    Parameters
    ----------
    trunk : Trunk
        Of a GPT or a BERT; it is not changed.
    tokens : Tensor of int (B, T)
    mask : Tensor of bool (B, T), optional
        True where a token is.

    Returns
    -------
    Tensor (layers, B, K, T, T)
        Each row, of one token that asks, sums to 1.

    Raises
    ------
    ValueError
        When a token has no embedding, there are more tokens than positions, or the mask does not fit.
    """
    B, T = check_tensor("tokens", tokens, "B T", "int")
    if not 0 < T <= trunk.sizes.T_max:
        raise ValueError(f"there are {T} tokens, expected 1 to {trunk.sizes.T_max}, the positions")
    if mask is not None:
        check_tensor("mask", mask, "B T", "bool", B=B, T=T)
    causal = trunk.look == "causal"
    may_attend = torch.ones(1, 1, T, T, dtype=torch.bool, device=tokens.device)
    if causal:
        may_attend = may_attend.tril()
    elif mask is not None:
        may_attend = may_attend & mask[:, None, None]
    x, weights = embed_ids("tokens", tokens, trunk.tokens) + trunk.positions.weight[:T], []
    for layer in trunk.layers:
        qkv = layer.W_qkv(layer.norm_1(x)).view(B, T, 3, layer.heads, trunk.sizes.D // layer.heads)
        q, k, _ = qkv.permute(2, 0, 3, 1, 4)  # each (B, K, T, d)
        scores = q @ k.transpose(-1, -2) / sqrt(q.shape[-1])
        weights.append(scores.masked_fill(~may_attend, -torch.inf).softmax(dim=-1))
        x, _ = layer(x, None if causal else may_attend, causal)
    return torch.stack(weights)


@torch.no_grad()
def weights_and_reading(trunk, tokens, query):
    """What the last layer's weights of one token are, the mean over its heads, and what the trunk makes of that token.

    Parameters
    ----------
    trunk : Trunk
    tokens : array of int (1, T)
    query : int
        The place of the token that attends.

    Returns
    -------
    weights : ndarray (T,)
    h : ndarray (D,)
    """
    tokens = torch.as_tensor(tokens)
    h, _ = trunk(tokens)
    return attention_weights(trunk, tokens)[-1, 0, :, query].mean(dim=0).numpy(), h[0, query].numpy()
