"""What the gated layers share: all steps as rows of one matrix, and the checks at their door."""

from helpers.core.checks import check_floats, check_shape


def flat(steps):
    """(T, B, D) as (T · B, D): one product over all steps is one call of BLAS."""
    return steps.reshape(-1, steps.shape[-1])


def split_gates(steps, H):
    """(..., B, n · H) as (..., n, B, H), a view: unpacks into one array for each gate."""
    return steps.reshape(*steps.shape[:-1], -1, H).swapaxes(-2, -3)


def check_inputs(x, state, params, gates):
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


def check_gradients(dh, dstate, h, params, gates, name="dh"):
    """Refuse gradients that do not fit h (T, B, H), or other weights than those of the forward pass.

    Parameters
    ----------
    dh : ndarray (T, B, H)
    dstate : dict of str to ndarray (B, H)
        By name.
    h : ndarray (T, B, H)
        From the forward pass.
    params : NamedTuple
    gates : int
    name : str
        What the reader calls dh.

    Raises
    ------
    ValueError
    """
    check_floats(**{name: dh}, **dstate, h=h, W_hh=params.W_hh)
    T, B, H = h.shape
    check_shape(name, dh, "T B H", T=T, B=B, H=H)
    for part, array in dstate.items():
        check_shape(part, array, "B H", B=B, H=H)
    check_shape("W_hh", params.W_hh, f"H {gates}H", **{"H": H, f"{gates}H": gates * H})
