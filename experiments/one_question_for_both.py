"""One question for GPT and BERT: which word stands in a blank? How far is each answer from the exact one?

Every word of fresh sentences is hidden in turn. GPT answers twice: from the words before the blank alone, and from the
whole sentence, by Bayes' rule: each word of the vocabulary is put into the blank, and the probabilities of the whole
sentences are compared. BERT reads the sentence with a mask in the blank. Of each answer: the Kullback–Leibler
divergence of the exact answer *under the whole sentence* from it, in nats. Four seeds at the chapter's budget;
and one seed at three rates with an eighth of the steps.
"""

from functools import cache, partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.masking import MaskRule
from helpers.data.vocab import decode_sentences
from helpers.data.world import blank_probabilities, sample_corpus, world_grammar
from helpers.models.gpt_bert import PretrainingRun, Sizes, bert_blank, divergence, gpt_blank, gpt_next

RATES = {"gpt": 1e-2, "bert": 7e-3}  # what the chapter trains with
SHORT, BUDGET = 325, 2600
COLUMNS = ["arm", "rate", "steps", "seed", "blanks", "kl_whole", "kl_before"]
KEYS = [
    *((arm, RATES[arm], BUDGET, seed) for arm, seed in product(RATES, range(4))),
    *((arm, factor * RATES[arm], SHORT, 0) for arm, factor in product(RATES, (0.5, 1, 2))),
]


@cache
def pretrained(kind, rate, steps, seed):
    """Train one model as the chapter does: on the whole small world, each sentence read once."""
    torch.set_num_threads(1)
    world = world_grammar()
    corpus = sample_corpus(world, 32 * steps, np.random.default_rng(1 + seed))
    sizes = Sizes(len(world.vocab), D=64, layers=1, heads=4, T_max=40)
    run = PretrainingRun(kind, sizes, steps, seed=seed, rate=rate, rule=MaskRule(0.4))
    model = run.new(world.vocab, corpus)
    run.train(model, world.vocab, corpus)
    return model.eval()


@cache
def all_blanks(sentences=30):
    """Every blank of fresh sentences, and the exact answer from the whole sentence."""
    world = world_grammar()
    texts = decode_sentences(world.vocab, sample_corpus(world, sentences, np.random.default_rng(77)))
    places = [(text, t) for text in texts for t in range(len(text.split()))]
    return places, [blank_probabilities(world, *place) for place in places]


def rows_of(arm, rate, steps, seed):
    """Return one row: the number of blanks, the mean divergence with the whole sentence and with the words before."""
    model, vocab = pretrained(arm, rate, steps, seed), world_grammar().vocab
    places, exact = all_blanks()
    whole = bert_blank if arm == "bert" else gpt_blank
    far = [divergence(p, whole(model, vocab, *place)) for p, place in zip(exact, places, strict=True)]
    before = far
    if arm == "gpt":
        before = [divergence(p, gpt_next(model, vocab, text)[t]) for p, (text, t) in zip(exact, places, strict=True)]
    return [(len(places), float(np.mean(far)), float(np.mean(before)))]


if __name__ == "__main__":
    make_table("one_question_for_both", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
