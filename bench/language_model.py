"""Training of a character LSTM over windows of one text: ours in torch and by hand, against a user's loop in torch.

Run it with `python bench/language_model.py`. The loop is what a user of `nn.LSTM` writes: embedding, LSTM, linear
layer, cross-entropy, the state detached between windows, the gradient clipped, AdamW with a rate that rises and falls.
All begin with the same weights and read the same windows; that ours in torch has the user's losses is asserted. The
layer by hand is NumPy's, with Adam at one rate, so its losses are another run's.
"""

from functools import partial

import numpy as np
import torch
from in_turn import in_turn
from torch import nn

from helpers.data.prose import python_topics
from helpers.data.streams import cut_strips, stream_windows
from helpers.data.vocab import build_vocab
from helpers.models import language_model as lm
from helpers.models.torch_training import rate_share

SIZES = ((20, 16, 32, 128), (50, 32, 64, 256))  # (T, B, D, H)
STEPS = 12  # windows of one measurement
RATE, CLIP = 4e-3, 1.0
SECONDS = 20.0  # for each size


def user_loop(model, windows):
    """What is written by hand in torch: -> the loss of every window."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda k: rate_share(k, STEPS))
    state, losses = None, []
    for inputs, targets, _ in windows:
        h, state = model.recurrent(model.embedding(torch.from_numpy(inputs)), state)
        logits = model.output(h)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), torch.from_numpy(targets).flatten())
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimiser.step()
        schedule.step()
        state = tuple(part.detach() for part in state)
        losses.append(loss.item())
    return np.array(losses)


def measure(size, seconds=SECONDS):
    """Return the tokens of one measurement and the medians, in seconds, of ours in torch, the user's and by hand."""
    T, B, D, H = size
    text = python_topics()[: B * T * STEPS + 1]
    vocab = build_vocab(list(text))
    ids = np.array([vocab.ids[character] for character in text])
    windows = list(stream_windows(cut_strips(ids, B), T))[:STEPS]
    new = partial(lm.new_model, lm.RecurrentLanguageModel, len(vocab), D, H, cell="lstm", seed=0)
    by_hand_start = lm.language_model_from_torch(new())

    def ours():
        model = new()
        return lm.train_language_model(model, lm.window_losses(model, iter(windows)), STEPS, RATE, CLIP).loss

    def theirs():
        return user_loop(new(), windows)

    def by_hand():
        return lm.train_over_windows(by_hand_start, windows, STEPS, RATE, CLIP)[1].loss

    np.testing.assert_allclose(ours(), theirs(), rtol=1e-5)
    return T * B * STEPS, in_turn([ours, theirs, by_hand], seconds)


def main():
    torch.set_num_threads(1)
    print("   T    B    D    H   ours, torch   user's loop   by hand (tokens/s)   ours/user's  by hand/user's")
    for size in SIZES:
        tokens, (ours, theirs, by_hand) = measure(size)
        rates = "".join(f"{tokens / s:14,.0f}" for s in (ours, theirs, by_hand))
        print("".join(f"{n:5d}" for n in size), rates, f"{theirs / ours:20.2f} {theirs / by_hand:13.2f}", flush=True)


if __name__ == "__main__":
    main()
