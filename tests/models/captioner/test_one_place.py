import numpy as np
import pytest
import torch

from helpers.core.numerics import softmax
from helpers.data.pictures import caption_of, caption_vocab, draw_pictures, random_scenes
from helpers.data.vocab import START
from helpers.models.captioner import Captioner, losses_of_places, new_model, place_weights, see_pictures

VOCAB = caption_vocab()
SCENES = random_scenes(2, np.random.default_rng(0))
PICTURES, CAPTIONS = draw_pictures(SCENES), [caption_of(scene) for scene in SCENES]


def captioner(kind="attention"):
    return new_model(Captioner, len(VOCAB), kind, seed=3).eval()


@pytest.mark.parametrize("t", [0, 3])
def test_the_scores_are_the_models_and_each_loss_is_that_of_a_map_of_one_place(t):
    model, words = captioner(), CAPTIONS[1]
    scores, losses = losses_of_places(model, PICTURES[1], words, t, VOCAB)
    (weights,) = place_weights(model, PICTURES[1:], CAPTIONS[1:], VOCAB)
    np.testing.assert_allclose(softmax(scores), weights[t].ravel(), atol=1e-6)
    state, inputs = see_pictures(model, PICTURES[1:]), [START, *(VOCAB.ids[word] for word in words[:t])]
    with torch.no_grad():
        if t:
            _, state = model.decode(torch.tensor(inputs[:-1])[:, None], state)
        for i in (0, 17, 63):
            alone = state._replace(keys=state.keys[:, i : i + 1], values=state.values[:, i : i + 1])
            logits, _ = model.decode(torch.tensor(inputs[-1:])[:, None], alone)
            wanted = -torch.log_softmax(logits[0, 0], dim=-1)[VOCAB.ids[words[t]]]
            assert losses[i] == pytest.approx(float(wanted), rel=1e-5)


@pytest.mark.parametrize(
    ("kind", "t", "message"),
    [("first state", 0, "with attention"), ("attention", -1, "t is"), ("attention", 99, "t is 99")],
)
def test_what_cannot_be_asked_is_refused(kind, t, message):
    with pytest.raises(ValueError, match=message):
        losses_of_places(captioner(kind), PICTURES[0], CAPTIONS[0], t, VOCAB)
