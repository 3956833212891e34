"""Weights to and from torch.nn.MultiheadAttention: ours transposed, and torch's projections of the input cut apart."""

import torch

from helpers.layers.attention.multi_head import MultiHeadParams, check_multi_head_params


def multi_head_to_torch(params, heads):
    """Make the torch.nn.MultiheadAttention that computes the same function.

    Parameters
    ----------
    params : MultiHeadParams
    heads : int

    Returns
    -------
    torch.nn.MultiheadAttention
        Batch first, in the dtype of params. Give it the memory as both key and value. Of its masks, those of bools
        mean the opposite of ours: True = may *not* attend.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, a weight is not finite, or the heads do not divide D.
    """
    heads = check_multi_head_params(params, heads)
    if params.W_k.dtype.itemsize > 8:
        raise ValueError(f"params has dtype {params.W_k.dtype}, expected float16, float32 or float64")
    (D_m, D), dtype = params.W_k.shape, torch.from_numpy(params.W_k).dtype
    module = torch.nn.MultiheadAttention(D, heads, kdim=D_m, vdim=D_m, batch_first=True, dtype=dtype)
    arrays = {"W_q": params.W_q.T, "W_k": params.W_k.T, "W_v": params.W_v.T, "W_o": params.W_o.T}
    with torch.no_grad():
        for name, place in _places(module).items():
            place.copy_(torch.from_numpy(arrays.get(name, getattr(params, name))))
    return module


def multi_head_from_torch(module, gradients=False):
    """Read the weights of a torch.nn.MultiheadAttention, or their gradients, as MultiHeadParams.

    Parameters
    ----------
    module : torch.nn.MultiheadAttention
        With biases, keys and values of one size, and neither ``add_bias_kv`` nor ``add_zero_attn``.
    gradients : bool
        Read ∂L/∂W in place of W.

    Returns
    -------
    MultiHeadParams
        Copies. The number of heads is ``module.num_heads``.

    Raises
    ------
    ValueError
        When it is another module.
    """
    right = isinstance(module, torch.nn.MultiheadAttention) and module.in_proj_bias is not None
    if not right or module.bias_k is not None or module.add_zero_attn or module.kdim != module.vdim:
        raise ValueError(
            f"module is {module}, expected a MultiheadAttention with biases, keys and values of one size, "
            "and nothing added to them"
        )
    arrays = {name: place.detach().cpu().numpy() for name, place in _places(module, gradients).items()}
    return MultiHeadParams(**{name: (array.T if name[0] == "W" else array).copy() for name, array in arrays.items()})


def _places(module, gradients=False):
    """Where each array of ours stands in the module, by our name."""

    def read(tensor):
        return tensor.grad if gradients else tensor

    if module.in_proj_weight is None:  # the memory has another size than the queries
        weights = [read(w) for w in (module.q_proj_weight, module.k_proj_weight, module.v_proj_weight)]
    else:
        weights = read(module.in_proj_weight).chunk(3)
    weights = [*weights, read(module.out_proj.weight)]
    biases = [*read(module.in_proj_bias).chunk(3), read(module.out_proj.bias)]
    return dict(zip(MultiHeadParams._fields, [*weights, *biases], strict=True))
