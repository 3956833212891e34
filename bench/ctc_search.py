"""Prefix beam search over the outputs of CTC, against pyctcdecode without a language model: width 16, one utterance.

Run it with `PYTHONPATH=. .venv-bench/bin/python bench/ctc_search.py`. Random scores stand for the network: multiplied
by 1 they doubt, by 6 most frames have one probable symbol. pyctcdecode is measured as it comes, with its two thresholds
below which it drops symbols and beginnings, and without them, as ours has none. The probability of what each finds is
computed exactly.
"""

import logging
from time import process_time
from typing import NamedTuple

import numpy as np
from in_turn import in_turn
from pyctcdecode import build_ctcdecoder

from helpers.decoding.ctc import prefix_beam_search
from helpers.layers.ctc import ctc_log_prob

logging.disable(logging.WARNING)  # it warns that the symbols have no space between words
SYMBOLS = ["", *"abcdefghijklmnopqrstuvwxyz'.,"]  # the blank, and 29 others
WIDTH = 16
NO_THRESHOLDS = {"beam_prune_logp": -1e9, "token_min_logp": -1e9}
SIZES = ((50, 1.0), (50, 6.0), (200, 1.0), (200, 6.0))  # (frames, factor of the scores)
SECONDS = 4.0  # for each size


class Row(NamedTuple):
    T: int
    factor: float
    ours_ms: float
    theirs_ms: float
    whole_ms: float  # theirs without thresholds
    gain: float  # mean of ln P of our text, less that of theirs without thresholds


def draw_log_y(T, factor, seed):
    scores = factor * np.random.default_rng(seed).standard_normal((T, len(SYMBOLS)))
    return scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))


def measure(sizes=SIZES, seconds=SECONDS, clock=process_time):
    """Yield medians for each size, and how much more probable our text is on the mean of 20 utterances."""
    decoder = build_ctcdecoder(SYMBOLS)
    for T, factor in sizes:
        log_y, gains = draw_log_y(T, factor, 0), []
        for seed in range(20):
            drawn = draw_log_y(T, factor, seed)
            ours = prefix_beam_search(drawn, WIDTH)[0].tokens
            text = decoder.decode_beams(drawn, beam_width=WIDTH, **NO_THRESHOLDS)[0][0]
            theirs = [SYMBOLS.index(letter) for letter in text]
            gains.append(ctc_log_prob(drawn, list(ours)) - ctc_log_prob(drawn, theirs))
        passes = (
            lambda x=log_y: prefix_beam_search(x, WIDTH),
            lambda x=log_y: decoder.decode_beams(x, beam_width=WIDTH),
            lambda x=log_y: decoder.decode_beams(x, beam_width=WIDTH, **NO_THRESHOLDS),
        )
        times = in_turn(passes, seconds, clock=clock)
        yield Row(T, factor, *(1e3 * time for time in times), float(np.mean(gains)))


def main():
    print("frames  factor   ours ms  pyctcdecode ms  without thresholds  theirs/ours   ln P of our text, more by")
    for T, factor, ours, theirs, whole, gain in measure():
        ratios = f"{theirs / ours:.1f}, {whole / ours:.1f}"
        print(f"{T:6d} {factor:7g} {ours:9.2f} {theirs:15.1f} {whole:19.1f} {ratios:>12} {gain:26.3f}", flush=True)


if __name__ == "__main__":
    main()
