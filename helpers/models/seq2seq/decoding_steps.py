"""A trained model as a search reads it: a state for each source, and a step that reads one more token."""

import torch

from helpers.core.checks import as_array, as_list, check_integer, check_shape
from helpers.data.vocab import START
from helpers.models.seq2seq.evaluation import pad_outputs
from helpers.models.torch_modules import as_ids, as_tensors, device_of


def start_state(model, batch):
    """Read the sources of a PairBatch: -> the decoder's state, a row for each source, with which a search begins."""
    source, mask = as_tensors((batch.source, batch.source_mask), device_of(model))
    with torch.no_grad():
        return model.encode(source, mask)


def decoder_step(model):
    """Make ``step(tokens (N,), state) -> log_probs (N, V_t), state``, see `helpers.decoding.interface`.

    With attention, ``state.weights`` (N, 1, S) is then where the model looked to say what comes next.
    """

    def step(tokens, state):
        tokens = as_ids("tokens", tokens, "N", device_of(model), N=len(state[0]))
        with torch.no_grad():
            logits, state = model.decode(tokens[None], state)
        return torch.log_softmax(logits[0], dim=-1), state

    return step


def teacher_forced(model, batch):
    """What the model would say at each step if all before it had been right: argmax, ndarray of int (T, B)."""
    batch = as_tensors(batch, device_of(model))
    with torch.no_grad():
        return model(batch.source, batch.source_mask, batch.inputs).argmax(dim=-1).cpu().numpy()


def alignments(model, source, source_mask, outputs):
    """Where the model looked for each token of some outputs, by reading them once more.

    Parameters
    ----------
    model : Seq2Seq
        With attention.
    source : ndarray of int (S, B)
    source_mask : ndarray of bool (S, B)
    outputs : list of B sequences of int
        Without `<start>`, as a search gives them, or the true targets.

    Returns
    -------
    ndarray (B, T, S)
        Row t is where it looked before it said token t; it sums to 1, or is 0 beyond the end of the output. T is the
        length of the longest output.

    Raises
    ------
    ValueError
        When the model has no attention, an output is empty, or there is not one for each source.
    """
    if model.attention is None:
        raise ValueError("the model has no attention, expected one that looks at the source")
    check_integer("the number of outputs", len(as_list("outputs", outputs)))
    source = as_array("source", source)
    S, B = check_shape("source", source, "S B")
    source_mask = as_array("source_mask", source_mask)
    check_shape("source_mask", source_mask, "S B", S=S, B=B)
    if source_mask.dtype != bool or not source_mask.any(axis=0).all():
        raise ValueError("source_mask is not of bool, or has a source without a token; expected at least one in each")
    if len(outputs) != source.shape[1]:
        raise ValueError(f"there are {len(outputs)} outputs, expected one for each of {source.shape[1]} sources")
    tokens, mask = pad_outputs(outputs)
    inputs = tokens.copy()
    inputs[0], inputs[1:] = START, tokens[:-1]
    source, source_mask, inputs = as_tensors((source, source_mask, inputs), device_of(model))
    with torch.no_grad():
        _, state = model.decode(inputs, model.encode(source, source_mask))
    return state.weights.cpu().numpy() * mask.T[:, :, None]
