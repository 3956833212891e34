"""The weights of an encoder and a decoder, which share none of them."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer
from helpers.core.initial import scaled_normal
from helpers.layers.gru import GRUParams, init_gru
from helpers.layers.linear import LinearParams, init_linear
from helpers.layers.recurrent import init_recurrent
from helpers.models.seq2seq.options import check_options


class Seq2SeqParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    source_embedding: np.ndarray  # (V_s, E)
    encoder: tuple  # of one layer: GRUParams, or two of them in a Bidirectional
    context: LinearParams | tuple  # W (C, H), b (H,); an empty tuple for the context "last", which has no map
    target_embedding: np.ndarray  # (V_t, E)
    decoder: GRUParams
    output: LinearParams  # W (H, V_t)


def init_seq2seq(rng, V_s, V_t, E, H, context="mapped last", use="first state", bidirectional=False, dtype=np.float64):
    """Draw first parameters.

    Parameters
    ----------
    rng : numpy.random.Generator
    V_s, V_t : int
        Sizes of the vocabularies of the source and of the target.
    E, H : int
        Dimensions of an embedding; units of the decoder, and of each direction of the encoder.
    context : "last", "mapped last" or "mapped mean"
    use : "first state" or "every step"
    bidirectional : bool
        Let the encoder read the source from both ends.
    dtype : dtype

    Returns
    -------
    Seq2SeqParams

    Raises
    ------
    ValueError
        When an option is unknown, a size is below 1, or a context of 2H numbers would have to be a first state of H.
    """
    check_options(context, use, bidirectional=bidirectional)
    for name, size in (("V_s", V_s), ("V_t", V_t), ("E", E)):
        check_integer(name, size)
    encoder = init_recurrent(rng, E, H, "gru", bidirectional=bidirectional, dtype=dtype)
    width = 2 * H if bidirectional else H  # of the encoder's states
    C = width if context == "last" else H
    return Seq2SeqParams(
        source_embedding=scaled_normal(rng, (V_s, E), np.sqrt(V_s), dtype),  # N(0, 1), as torch draws them
        encoder=encoder,
        context=() if context == "last" else init_linear(rng, width, H, dtype),
        target_embedding=scaled_normal(rng, (V_t, E), np.sqrt(V_t), dtype),
        decoder=init_gru(rng, E + C if use == "every step" else E, H, dtype),
        output=init_linear(rng, H, V_t, dtype),
    )
