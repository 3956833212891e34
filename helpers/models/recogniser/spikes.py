"""When a recogniser writes: the frames at which its best path says a letter, against the true times of the sounds."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, as_list, check_finite, check_integer, check_shape
from helpers.core.ctc_paths import check_log_y
from helpers.data.sound import frame_times
from helpers.data.speech import BLANK, SAMPLE_RATE, SPEECH_SYMBOLS
from helpers.models.recogniser.torch_model import best_texts

STRIDE = 3


class Spike(NamedTuple):
    """A letter where the best path says it."""

    letter: str
    frame: int  # the output frame where it is most probable
    time: float  # s, the middle of what the first convolution sees there
    prob: float


def output_times(T, rate=SAMPLE_RATE, stride=STRIDE):
    """The middle of each of T output frames, in s: of every third frame of 25 ms, ⌈frames / 3⌉ of them."""
    T, stride = check_integer("T", T), check_integer("stride", stride)
    return frame_times(T * stride, rate)[::stride]


def spikes_of(log_y, rate=SAMPLE_RATE, stride=STRIDE):
    """The letters of the best path, each at the frame of its run at which it is most probable.

    Parameters
    ----------
    log_y : ndarray (T, V)
    rate, stride
        As of `output_times`.

    Returns
    -------
    list of Spike
    """
    T, V = check_log_y(log_y, BLANK)
    if len(SPEECH_SYMBOLS) < V:
        raise ValueError(f"log_y has {V} symbols, expected at most the {len(SPEECH_SYMBOLS)} of SPEECH_SYMBOLS")
    path, times, spikes = log_y.argmax(axis=1), output_times(T, rate, stride), []
    edges = np.flatnonzero(np.append(True, path[1:] != path[:-1]))  # where each run begins
    for begin, end in zip(edges, [*edges[1:], T], strict=True):
        symbol = path[begin]
        if symbol != BLANK:
            frame = begin + int(log_y[begin:end, symbol].argmax())
            spikes.append(
                Spike(SPEECH_SYMBOLS[symbol], frame, float(times[frame]), float(np.exp(log_y[frame, symbol])))
            )
    return spikes


def onset_lags(log_ys, data, rate=SAMPLE_RATE, stride=STRIDE):
    """When the first letter of each word is written, less when the word truly begins: the lag of each word.

    Parameters
    ----------
    log_ys : list of ndarray (T, V)
        Of `recognise`.
    data : SpeechSet
        Utterances whose best path is another text are left out.
    rate, stride
        As of `output_times`.

    Returns
    -------
    ndarray (words,)
        Milliseconds; below 0 where the letter comes before its sound.
    """
    log_ys, texts = as_list("log_ys", log_ys), as_list("data.texts", data.texts)
    onsets, lags = as_list("data.word_times", data.word_times), []
    if not len(log_ys) == len(texts) == len(onsets):
        there = f"there are {len(log_ys)} log_ys, {len(texts)} texts and {len(onsets)} lists of times"
        raise ValueError(f"{there}, expected one for each")
    for log_y, said, text, begins in zip(log_ys, best_texts(log_ys), texts, onsets, strict=True):
        begins = as_floats("data.word_times", begins)
        check_finite("data.word_times", begins)
        if said == text:
            spikes = zip(spikes_of(log_y, rate, stride), f" {text}", strict=False)
            written = np.array([spike.time for spike, before in spikes if before == " "])
            check_shape("data.word_times of one text", begins, "W", W=len(written))
            lags.extend(1000 * (written - begins))
    return np.array(lags)
