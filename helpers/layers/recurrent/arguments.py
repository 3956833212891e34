"""The arguments of the recurrent layers: first weights of gates side by side, and checks of inputs and gradients."""

import numpy as np

from helpers.core.checks import as_list, check_choice, check_floats, check_integer, check_shape
from helpers.core.initial_values import orthogonal, scaled_normal

_STATE_NAMES = ("h_0", "c_0")


def init_gates(rng, D, H, gates, dtype):
    """Draw W_xh ~ N(0, 1 / D) and an orthogonal W_hh for each gate; the bias = 0."""
    D, H = check_integer("D", D), check_integer("H", H)
    W_hh = np.concatenate([orthogonal(rng, H, dtype=dtype) for _ in range(gates)], axis=1)
    return scaled_normal(rng, (D, gates * H), dtype=dtype), W_hh, np.zeros(gates * H, dtype)


def check_recurrent_inputs(x, state, params, gates=1):
    """Refuse what does not fit a layer whose weights stand side by side for so many gates.

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : tuple of ndarrays (B, H)
        (h_0,) or (h_0, c_0).
    params : NamedTuple
        W_xh (D, gates · H), W_hh (H, gates · H) and biases (gates · H,).
    gates : int

    Raises
    ------
    ValueError
    """
    named_state = dict(zip(_STATE_NAMES, state, strict=False))
    check_floats(x=x, **named_state, **params._asdict())
    H, width = len(params.W_hh), _width(gates)
    sizes = {"H": H, width: gates * H}
    check_shape("W_hh", params.W_hh, f"H {width}", **sizes)
    D, _ = check_shape("W_xh", params.W_xh, f"D {width}", **sizes)
    for name in params._fields[2:]:
        check_shape(name, getattr(params, name), width, **sizes)
    _, B, _ = check_shape("x", x, "T B D", D=D)
    for name, array in named_state.items():
        check_shape(name, array, "B H", B=B, H=H)
    if not x.size:
        raise ValueError(f"x has shape {x.shape}, expected at least one step, one sequence and one input")


def check_recurrent_gradients(dh, dstate, h, params, gates=1, dc=None):
    """Refuse gradients that do not fit h (T, B, H), or other weights than those of the forward pass.

    Parameters
    ----------
    dh : ndarray (T, B, H)
    dstate : tuple of ndarrays (B, H)
        One, or two of an LSTM.
    h : ndarray (T, B, H)
        From the forward pass.
    params : NamedTuple
    gates : int
    dc : ndarray (T, B, H), optional

    Raises
    ------
    ValueError
    """
    if not isinstance(dstate, tuple) or len(dstate) != (2 if gates == 4 else 1):
        raise ValueError(f"dstate is {str(dstate)[:60]}, expected a tuple with an array for each of the states")
    steps = {"dh": dh} if dc is None else {"dh": dh, "dc": dc}
    last = dict(zip(["dstate"] if len(dstate) == 1 else ["dstate h", "dstate c"], dstate, strict=True))
    check_floats(**steps, **last, h=h, W_hh=params.W_hh)
    T, B, H = h.shape
    for name, array in steps.items():
        check_shape(name, array, "T B H", T=T, B=B, H=H)
    for name, array in last.items():
        check_shape(name, array, "B H", B=B, H=H)
    check_shape("W_hh", params.W_hh, f"H {_width(gates)}", **{"H": H, _width(gates): gates * H})


def check_fixed_gates(fixed):
    """Refuse names of gates that an LSTM cannot hold at 1.

    Raises
    ------
    ValueError
    """
    if not isinstance(fixed, tuple | list | set | frozenset | str):
        raise ValueError(f"fixed is {fixed!r}, expected a sequence of gates")
    for gate in as_list("fixed", fixed):
        check_choice("fixed gate", gate, ["i", "f", "o"])


def _width(gates):
    """How a message calls the number of columns: H, or 4H."""
    return "H" if gates == 1 else f"{gates}H"
