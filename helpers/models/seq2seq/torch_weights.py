"""From the model in torch to our parameters: transposed, and as the same NamedTuples."""

from helpers.layers.attention.additive import AdditiveParams
from helpers.layers.attention.multiplicative import MultiplicativeParams
from helpers.layers.linear import LinearParams
from helpers.layers.recurrent.torch_weights import from_torch
from helpers.models.seq2seq.params import AttentiveParams, Seq2SeqParams


def seq2seq_from_torch(model, gradients=False):
    """Read the weights of a `Seq2Seq`, or their gradients.

    Parameters
    ----------
    model : Seq2Seq
    gradients : bool
        Read ∂L/∂W in place of W.

    Returns
    -------
    Seq2SeqParams, or AttentiveParams where the model has attention
        Copies. torch keeps the matrix of multiplicative scores as we do; all others are transposed.
    """

    def read(tensor):
        return (tensor.grad if gradients else tensor).detach().cpu().numpy().copy()

    def read_linear(layer):
        return LinearParams(read(layer.weight).T.copy(), read(layer.bias))

    parts = {
        "source_embedding": read(model.source_embedding.weight),
        "encoder": from_torch(model.encoder, gradients),
        "context": () if model.context is None else read_linear(model.context),
        "target_embedding": read(model.target_embedding.weight),
        "decoder": from_torch(model.decoder, gradients)[0],
        "output": read_linear(model.output),
    }
    if model.attention is None:
        return Seq2SeqParams(**parts)
    W_k = read(model.W_k.weight)  # (H, C)
    if model.attention == "additive":
        attention = AdditiveParams(read(model.W_q.weight).T.copy(), W_k.T.copy(), read(model.v.weight)[0])
        return AttentiveParams(**parts, attention=attention, join=())
    return AttentiveParams(**parts, attention=MultiplicativeParams(W_k), join=read_linear(model.join))
