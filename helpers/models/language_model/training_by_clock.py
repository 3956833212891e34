"""Training a recurrent language model on one long text for as long as the reader waits; the best weights are kept."""

import signal
import time
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from helpers.core.checks import check_positive
from helpers.data.streams import cut_strips, stream_windows
from helpers.models.language_model.torch_model import window_losses
from helpers.models.torch_modules import set_weights, weight_arrays
from helpers.models.torch_training import rate_share

_STRIPS, WINDOW = 32, 64
_FEWEST_WINDOWS = 4  # of each strip, so that a state is carried on
_ENDLESS = 10**9


class HeldOutLook(NamedTuple):
    """What a look at a model while it learns has found."""

    seconds: float
    passes: float  # how often the training text was read
    nats: float  # a token of the text that is held out


def cut_for_training(tokens):
    """Cut a text into 32 strips, or so many that each has four windows of 64 steps; see `cut_strips`."""
    return cut_strips(tokens, int(np.clip((len(tokens) - 1) // (_FEWEST_WINDOWS * WINDOW), 1, _STRIPS)))


@torch.no_grad()
def held_out_nats(model, strips):
    """The mean of −ln P of every target of the strips, in nats a token, with dropout off and the state carried on."""
    was_training = model.training
    model.eval()
    windows = list(stream_windows(strips, min(WINDOW, len(strips.inputs))))
    nats = [loss.item() for loss, _ in window_losses(model, windows)]
    model.train(was_training)
    return float(np.average(nats, weights=[window.targets.size for window in windows]))


def train_for_seconds(model, train, held_out, seconds, each=None, stopped=None, bar=None, rate=4e-3, clip=1.0):
    """Make one update a window until the time is over; keep the weights that were best on the text held out.

    AdamW's rate rises over the first twentieth of the time and then falls to zero in a straight line. The model is
    looked at six times, but at least once a minute, and at the end.

    Parameters
    ----------
    model : RecurrentLanguageModel
        Changed in place.
    train, held_out : Strips
    seconds : float
        At least one update is made.
    each : callable, optional
        each(look) is called with every HeldOutLook.
    stopped : callable, optional
        stopped() is asked after each update: True ends training as if the time were over.
    bar : tqdm, optional
        Gets the seconds, and the mean training loss since it was last drawn.
    rate, clip : float
        The highest rate, and the threshold of the gradient norm.

    Returns
    -------
    HeldOutLook
        The best one.

    Raises
    ------
    ValueError
        When the seconds or a rate is not above 0.
    FloatingPointError
        When the gradient is NaN or infinite.
    """
    for name, value in (("seconds", seconds), ("rate", rate), ("clip", clip)):
        check_positive(name, value)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate)
    window = min(WINDOW, len(train.inputs))
    a_pass = -(-len(train.inputs) // window)  # windows
    pause = min(seconds / 6, 60)
    began, drawn, next_look = time.monotonic(), 0.0, pause
    best, weights, losses = None, None, []
    model.train()
    for k, (loss, _) in enumerate(window_losses(model, stream_windows(train, window, _ENDLESS)), start=1):
        share = (time.monotonic() - began) / seconds
        optimiser.param_groups[0]["lr"] = rate * max(0.0, rate_share(int(1000 * share), 1000, 0.05))
        optimiser.zero_grad()
        loss.backward()
        if not nn.utils.clip_grad_norm_(model.parameters(), clip).isfinite():
            raise FloatingPointError(f"update {k}: the loss is {loss.item():.3g}, the gradient is NaN or infinite")
        optimiser.step()
        losses.append(loss.detach())
        now = time.monotonic() - began
        over = now >= seconds or (stopped is not None and stopped())
        if bar is not None and (over or now - drawn > 0.5):
            bar.set_postfix_str(f"training loss {torch.stack(losses).mean().item():.3f}", refresh=False)
            bar.update(min(now, seconds) - drawn)
            drawn, losses = now, []
        if over or now >= next_look:
            look = HeldOutLook(now, k / a_pass, held_out_nats(model, held_out))
            if best is None or look.nats < best.nats:
                best, weights = look, weight_arrays(model)
            if each is not None:
                each(look)
            next_look = time.monotonic() - began + pause
        if over:
            break
    model.eval()
    set_weights(model, weights)
    return best


@contextmanager
def noted_interrupt():
    """Note Ctrl-C instead of stopping in the middle of an update; the third one stops as usual.

    Yields
    ------
    interrupted : function
        interrupted() says whether it came.
    """
    came = []

    def note(number, frame):
        came.append(number)
        if len(came) > 2:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(came)
    finally:
        signal.signal(signal.SIGINT, before)
