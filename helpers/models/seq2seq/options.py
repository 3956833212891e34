"""The ways in which a decoder is told what the encoder read."""

from helpers.core.checks import check_choice

# How the context c is made of the encoder's states h_1 … h_S: h_S, tanh(h_S W + b) or tanh(h̄ W + b).
CONTEXTS = ("last", "mapped last", "mapped mean")
# How the decoder gets it: as its first state, or beside the token it reads at every step.
USES = ("first state", "every step")
# How it looks back at the encoder's states, if it does.
ATTENTIONS = (None, "additive", "multiplicative")


def check_options(context, use, attention=None, bidirectional=False):
    """Refuse ways that are unknown, or that do not go together.

    Raises
    ------
    ValueError
    """
    check_choice("context", context, CONTEXTS)
    check_choice("use", use, USES)
    check_choice("attention", attention, ATTENTIONS)
    if attention and (context, use) != ("mapped last", "first state"):
        raise ValueError(
            f"context is {context!r} and use {use!r}, but with attention the decoder begins with a map of the last "
            "state: expected 'mapped last' and 'first state'"
        )
    if bidirectional and use == "first state" and context == "last":
        raise ValueError(
            "context is 'last', but the last states of both directions are twice as wide as the decoder's first state: "
            "expected a context with a map"
        )
