"""Which sentences a trained translator gets wholly right when it writes by itself."""

from helpers.core.checks import check_integer
from helpers.data.vocab import END, START
from helpers.decoding.greedy import greedy
from helpers.models.seq2seq.decoding_steps import decoder_step, start_state
from helpers.models.seq2seq.evaluation import exact_match


def right_translations(model, batch, max_length=30):
    """Let a model translate each source of a batch greedily, and say which outputs are right as a whole.

    Parameters
    ----------
    model : Transformer or Seq2Seq
    batch : PairBatch
    max_length : int
        Tokens that are written at most, `<end>` among them.

    Returns
    -------
    ndarray of bool (B,)

    Raises
    ------
    ValueError
        When `max_length` is below 1, or the batch has tokens that the model does not know.
    """
    check_integer("max_length", max_length)
    found = greedy(decoder_step(model), start_state(model, batch), START, END, max_length=max_length)
    return exact_match([best.tokens for (best,) in found], batch)
