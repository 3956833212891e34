"""Two outcomes, their true probability p and a believed one q: entropy, cross-entropy, and what lies between them."""

import numpy as np

from helpers.core.information import cross_entropy_of, entropy_of, kl_divergence
from helpers.figures.style import BLUE, GREEN, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

_LOW, _HIGH = 0.01, 0.99


def draw_cross_entropy(p, q, names=("rain", "dry")):
    """Draw both distributions as bars, and the cross-entropy as a curve over every q, with its lowest place.

    Parameters
    ----------
    p, q : float
        The true probability of the first outcome, and the believed one, both above 0 and below 1.
    names : tuple of str
        Of the two outcomes.

    Returns
    -------
    list of two Figure, str

    Raises
    ------
    ValueError
        When p or q is not between 0 and 1.
    """
    if not (0 < p < 1 and 0 < q < 1):
        raise ValueError(f"p is {p} and q is {q}, expected numbers above 0 and below 1")
    true, believed = np.array([p, 1 - p]), np.array([q, 1 - q])
    H, cross, between = entropy_of(true), cross_entropy_of(true, believed), kl_divergence(true, believed)
    said = f"{cross:.3f} = {H:.3f} + {between:.3f} nats: cross-entropy = entropy + KL. "
    said += "The belief is right, and nothing lies between." if p == q else _tell_error(p, q, names)
    return [_draw_both(true, believed, names), _draw_curve(p, q, H, cross, names[0])], said


def _tell_error(p, q, names):
    less = names[0] if q < p else names[1]
    return f"The model believes too little in “{less}”, and pays for it."


@styled
def _draw_both(true, believed, names):
    figure, axes = new_figure(height=1.75)
    places = np.arange(2)
    for shift, values, colour, name in ((-0.2, true, BLUE, "true p"), (0.2, believed, ORANGE, "believed q")):
        axes.barh(places + shift, values, height=0.36, color=colour, label=name)
        for place, value in zip(places + shift, values, strict=True):
            axes.text(value + 0.015, place, f"{value:.2f}", va="center", color=INK)
    axes.set(xlim=(0, 1.14), ylim=(1.55, -0.55), xlabel="probability")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_yticks(places, names)
    axes.grid(visible=False, axis="y")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure


@styled
def _draw_curve(p, q, H, cross, name):
    figure, axes = new_figure(height=3.0)
    beliefs = np.linspace(_LOW, _HIGH, 197)
    true = np.broadcast_to([p, 1 - p], (len(beliefs), 2))
    curve = cross_entropy_of(true, np.stack([beliefs, 1 - beliefs], axis=-1))
    axes.plot(beliefs, curve, "-", color=BLUE, label="cross-entropy H(p, q)")
    axes.axhline(H, color=GREEN, linestyle="--", linewidth=1.6, label="entropy H(p), the floor")
    axes.plot([q, q], [H, cross], "-", color=ORANGE, linewidth=5, solid_capstyle="butt", label="KL, what lies between")
    axes.plot(q, cross, "o", color=BLUE, markersize=8, zorder=4)
    axes.plot(p, H, "D", color=GREEN, markersize=7, zorder=3)
    axes.set(xlim=(0, 1), ylim=(0, 3.2), xlabel=f"believed probability q of “{name}”", ylabel="nats")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.0))
    return figure
