"""The recogniser: its loss is ours, padding changes nothing, it learns, and what it writes has its time."""

import numpy as np
import pytest
import torch

from helpers.core.numerics import log_softmax
from helpers.data.speech import SPEECH_SYMBOLS, SpeechSet, Voice, letter_ids
from helpers.layers.ctc import ctc_loss, ctc_loss_backward
from helpers.models.recogniser import (
    best_texts,
    new_recogniser,
    onset_lags,
    output_times,
    recognise,
    spikes_of,
    train_recogniser,
)
from helpers.models.recogniser.torch_model import mean_ctc_loss, padded_features

SMALL = {"D": 5, "H": 8}


def noise(rng, *lengths):
    return [rng.standard_normal((T, 5)).astype(np.float32) for T in lengths]


def shown(texts, frames=14):
    """Texts whose letters can be read off the frames: an easy set, as features."""
    rng, basis = np.random.default_rng(0), np.random.default_rng(1).standard_normal((len(SPEECH_SYMBOLS), 5))
    features = []
    for text in texts:
        rows = np.repeat(basis[letter_ids(text)], frames, axis=0)
        features.append((rows + 0.1 * rng.standard_normal(rows.shape)).astype(np.float32))
    times = [np.array([frames * 0.01 * n for n in range(len(text)) if f" {text}"[n] == " "]) for text in texts]
    return SpeechSet(features, list(texts), times, [Voice()] * len(texts))


def test_the_loss_of_torch_is_ours_and_so_is_its_gradient():
    rng = np.random.default_rng(0)
    texts, lengths = [letter_ids(text) for text in ("one", "three")], [9, 12]
    logits = rng.standard_normal((12, 2, len(SPEECH_SYMBOLS)))
    z = torch.tensor(logits, requires_grad=True)
    loss = mean_ctc_loss(z.log_softmax(-1), torch.tensor(lengths), texts)
    loss.backward()
    wanted, gradients = 0, np.zeros_like(logits)
    for b, (text, T) in enumerate(zip(texts, lengths, strict=True)):
        each, cache = ctc_loss(logits[:T, b : b + 1], text[:, None])
        wanted += each / len(text) / 2
        gradients[:T, b : b + 1] = ctc_loss_backward(cache) / len(text) / 2
    assert loss.item() == pytest.approx(wanted)
    np.testing.assert_allclose(z.grad, gradients, atol=1e-12)


@pytest.mark.parametrize("bidirectional", [True, False])
def test_what_stands_in_padding_changes_nothing(bidirectional):
    model = new_recogniser(0, bidirectional=bidirectional, **SMALL)
    features = noise(np.random.default_rng(0), 7, 30, 8, 19, 1)
    together, alone = recognise(model, features), [recognise(model, [each])[0] for each in features]
    for one, other, each in zip(together, alone, features, strict=True):
        assert one.shape == (-(-len(each) // 3), len(SPEECH_SYMBOLS))
        np.testing.assert_allclose(one, other, atol=1e-5)
        np.testing.assert_allclose(np.exp(one).sum(axis=1), 1)
    x, lengths = padded_features(features)
    spoiled = torch.where(torch.arange(30)[:, None, None] < lengths[:, None], x, 0)
    np.testing.assert_array_equal(x, spoiled)


def test_one_direction_knows_nothing_of_what_comes_later():
    (x,) = noise(np.random.default_rng(0), 60)
    changed = x.copy()
    changed[40:] += 1
    for bidirectional, sees in ((False, False), (True, True)):
        model = new_recogniser(0, bidirectional=bidirectional, **SMALL)
        one, other = recognise(model, [x])[0], recognise(model, [changed])[0]
        # An output sees its own frame and, by two convolutions, 2 + 3 · 2 frames more.
        early = [t for t in range(20) if 3 * t + 8 < 40]
        assert (np.abs(one[early] - other[early]).max() > 1e-4) == sees


def test_it_learns_what_can_be_read_off_the_frames():
    data = shown(["one two", "two one", "six one", "two six", "one six", "six two"] * 3, frames=9)
    model = new_recogniser(0, D=5, H=24)
    history = train_recogniser(model, data, np.random.default_rng(0), steps=150, rate=1e-2, batch=6)
    log_ys = recognise(model, data.features)
    assert history.loss[-1] < 0.1 * history.loss[0]
    assert best_texts(log_ys) == data.texts
    lags = onset_lags(log_ys, data)
    assert len(lags) == 2 * len(data.texts)
    assert np.abs(lags).max() < 300


def test_the_same_seed_gives_the_same_model():
    data, found = shown(["one", "two", "six"]), []
    for _ in range(2):
        model = new_recogniser(3, **SMALL)
        train_recogniser(model, data, np.random.default_rng(0), steps=3, batch=2)
        found.append(recognise(model, data.features)[0])
    np.testing.assert_array_equal(*found)


def peaked(path):
    logits = np.zeros((len(path), len(SPEECH_SYMBOLS)))
    for t, (symbol, height) in enumerate(path):
        logits[t, SPEECH_SYMBOLS.index(symbol)] = height
    return log_softmax(logits)


def test_each_letter_has_its_highest_frame():
    log_y = peaked([("-", 5), ("o", 3), ("o", 6), ("n", 5), ("-", 5), ("e", 5), ("e", 5)])
    spikes = spikes_of(log_y)
    assert [(spike.letter, spike.frame) for spike in spikes] == [("o", 2), ("n", 3), ("e", 5)]
    np.testing.assert_allclose([spike.time for spike in spikes], output_times(7)[[2, 3, 5]])
    np.testing.assert_allclose(output_times(3), (np.array([0, 660, 1320]) + 275.5) / 22_050)
    assert best_texts([log_y]) == ["one"]


def test_the_lag_is_that_of_a_words_first_letter():
    log_y = peaked([(symbol, 5) for symbol in "-one-- two-"])
    begins = np.array([0.02, 0.2])
    data = SpeechSet([None] * 2, ["one two", "one six"], [begins, begins], [Voice()] * 2)
    np.testing.assert_allclose(onset_lags([log_y, log_y], data), 1000 * (output_times(11)[[1, 7]] - begins))
    with pytest.raises(ValueError, match=r"data\.word_times has .*NaN"):
        onset_lags([log_y, log_y], data._replace(word_times=[begins, begins * np.nan]))


def test_the_rate_rises_over_six_hundredths_of_the_steps(monkeypatch):
    made, rates = [], []

    def noted(*arguments, **options):
        made.append(adamw(*arguments, **options))
        return made[0]

    adamw = torch.optim.AdamW
    monkeypatch.setattr(torch.optim, "AdamW", noted)
    train_recogniser(new_recogniser(0, **SMALL), shown(["six"]), np.random.default_rng(0), steps=50, rate=1e-2, batch=1,
                     each=lambda k: rates.append(made[0].param_groups[0]["lr"]))  # fmt: skip
    assert np.argmax(rates) == 2  # the third of 50
    assert max(rates) == pytest.approx(1e-2)
    assert (np.diff(rates[3:]) < 0).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: recognise(new_recogniser(0, **SMALL), []), "features is an empty list"),
        (lambda: recognise(new_recogniser(0, **SMALL), [np.zeros((4, 6))]), r"expected \(T, D=5\)"),
        (lambda: new_recogniser(0, bidirectional="no"), "bidirectional is 'no'"),
        (lambda: train(["three"], [np.zeros((15, 5))]), "text 0 has 5 letters and needs 6 frames, .* up to 5"),
        (lambda: train(["one", "two"], [np.zeros((15, 5))]), "1 features and 2 texts"),
        (lambda: train(["ten q"], [np.zeros((15, 5))]), "text has 'q'"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def train(texts, features):
    data = SpeechSet(features, texts, [], [])
    return train_recogniser(new_recogniser(0, **SMALL), data, np.random.default_rng(0), steps=1, batch=1)
