"""What a captioner would lose at one word if it read one place alone: the loss that hard attention has."""

import numpy as np
import torch

from helpers.core.checks import check_integer
from helpers.data.vocab import START, encode
from helpers.models.captioner.saying import see_pictures
from helpers.models.torch_modules import device_of


def losses_of_places(model, picture, words, t, vocab):
    """ℓ_i = −log P(word t) if the decoder reads place i alone, and the scores by which it would look.

    Parameters
    ----------
    model : Captioner
        With attention.
    picture : ndarray (32, 32, 3)
    words : sequence of str
        A caption; the words before word t are read with soft attention, as in training.
    t : int
        From 0.
    vocab : Vocab

    Returns
    -------
    scores, losses : ndarray (64,) of float64
        For each place, row by row; losses in nats. The softmax of the scores are the model's weights at this word.

    Raises
    ------
    ValueError
        When the model has no attention, it is no picture, or there is no such word.
    """
    if model.attention is None:
        raise ValueError(f"the model is of kind {model.kind!r}, expected one with attention")
    tokens = encode(vocab, words)
    if check_integer("t", t, least=0) >= len(tokens):
        raise ValueError(f"t is {t}, expected a word of {len(tokens)}, counted from 0")
    device = device_of(model)
    state = see_pictures(model, np.asarray(picture)[None])
    read = torch.tensor([START, *tokens[:t].tolist()], device=device)[:, None]
    with torch.no_grad():
        if t:
            _, state = model.decode(read[:-1], state)
        scores = state.keys[0] @ model.W_q(state.s[0]) / state.keys.shape[-1] ** 0.5  # (64,)
        each = [part.expand(len(scores), *part.shape[1:]) for part in (state.s, state.keys)]
        alone = state._replace(s=each[0], keys=each[1][:, :1], values=state.values[0][:, None], weights=None)
        logits, _ = model.decode(read[-1:].expand(1, len(scores)), alone)
        losses = -torch.log_softmax(logits[0].double(), dim=-1)[:, int(tokens[t])]
    return scores.double().cpu().numpy(), losses.cpu().numpy()
