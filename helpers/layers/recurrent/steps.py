"""What the gated layers share: first values, all steps as rows of one matrix, and the checks at their door."""

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.initial_values import orthogonal, scaled_normal


def init_gates(rng, D, H, gates, dtype):
    """Draw W_xh ~ N(0, 1 / D) and an orthogonal W_hh for each gate; the bias = 0."""
    check_integer("D", D)
    check_integer("H", H)
    W_hh = np.concatenate([orthogonal(rng, H, dtype=dtype) for _ in range(gates)], axis=1)
    return scaled_normal(rng, (D, gates * H), dtype=dtype), W_hh, np.zeros(gates * H, dtype)


def flat(steps):
    """(T, B, D) as (T · B, D): one product over all steps is one call of BLAS."""
    return steps.reshape(-1, steps.shape[-1])


def blocks(T, size, most=65536):
    """Cut T steps of `size` numbers into slices of at most `most` numbers, or of one step.

    What is done for many steps at once saves calls while they fit into the processor's cache, and loses time beyond.
    """
    length = max(1, most // size)
    return [slice(start, min(start + length, T)) for start in range(0, T, length)]


def check_step_inputs(x, state, params, gates):
    """Refuse what does not fit a layer with so many gates.

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : dict of str to ndarray (B, H)
        By name, such as ``{"h_0": h_0}``.
    params : NamedTuple
        W_xh (D, gates · H), W_hh (H, gates · H) and biases (gates · H,).
    gates : int

    Raises
    ------
    ValueError
    """
    check_floats(x=x, **state, **params._asdict())
    H, _ = check_shape("W_hh", params.W_hh, f"H {gates}H", **{f"{gates}H": gates * len(params.W_hh)})
    width = {f"{gates}H": gates * H}
    D, _ = check_shape("W_xh", params.W_xh, f"D {gates}H", **width)
    for name in params._fields[2:]:
        check_shape(name, getattr(params, name), f"{gates}H", **width)
    _, B, _ = check_shape("x", x, "T B D", D=D)
    for name, array in state.items():
        check_shape(name, array, "B H", B=B, H=H)
    if not x.size:
        raise ValueError(f"x has shape {x.shape}, expected at least one step, one sequence and one input")


def check_step_gradients(dsteps, dstate, h, params, gates):
    """Refuse gradients that do not fit h (T, B, H), or other weights than those of the forward pass.

    Parameters
    ----------
    dsteps : dict of str to ndarray (T, B, H)
        By name, such as ``{"dh": dh}``.
    dstate : dict of str to ndarray (B, H)
        By name.
    h : ndarray (T, B, H)
        From the forward pass.
    params : NamedTuple
    gates : int

    Raises
    ------
    ValueError
    """
    check_floats(**dsteps, **dstate, h=h, W_hh=params.W_hh)
    T, B, H = h.shape
    for name, array in dsteps.items():
        check_shape(name, array, "T B H", T=T, B=B, H=H)
    for name, array in dstate.items():
        check_shape(name, array, "B H", B=B, H=H)
    check_shape("W_hh", params.W_hh, f"H {gates}H", **{"H": H, f"{gates}H": gates * H})
