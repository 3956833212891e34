"""Attention in torch that keeps the keys and values of the steps it has read, so that none is made twice."""

import torch
from torch.nn.functional import scaled_dot_product_attention

from helpers.layers.transformer.key_value_cache import KeyValues
from helpers.models.growing_key_values import append_steps
from helpers.models.torch_modules import check_tensor


def attend_and_keep(q, k, v, kept=None, may_attend=None, causal=False):
    """softmax(q kᵀ / √d) v, over the steps that are kept and T new ones, which are kept too.

    Parameters
    ----------
    q, k, v : Tensor (B, K, T, d)
        Of the new steps, split by head.
    kept : KeyValues of Tensors (B, K, S − T, d), optional
        Of the steps before. It is not changed.
    may_attend : Tensor of bool, optional
        Broadcasts to (B, K, T, S); True = may attend.
    causal : bool
        Let each step attend to itself and those before it; then there is no `may_attend`.

    Returns
    -------
    read : Tensor (B, K, T, d)
    kept : KeyValues of Tensors (B, K, S, d)

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or a number is NaN or infinite.
    """
    B, K, T, d = check_tensor("q", q, "B K T d", "float")
    for name, tensor in (("k", k), ("v", v)):
        check_tensor(name, tensor, "B K T d", "float", B=B, K=K, T=T, d=d)
        if tensor.dtype != q.dtype:
            raise ValueError(f"{name} has dtype {tensor.dtype}, expected that of q, {q.dtype}")
    kept = KeyValues(k, v) if kept is None else append_steps(kept, k, v)
    k, v = kept
    S = k.shape[2]
    if causal and 1 < T < S:  # the new steps are the last T of S; a single one may attend to all
        may_attend = torch.ones(T, S, dtype=torch.bool, device=q.device).tril(S - T)
    return scaled_dot_product_attention(q, k, v, may_attend, is_causal=causal and T == S), kept
