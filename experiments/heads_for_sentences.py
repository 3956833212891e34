"""Three heads on one pretrained BERT: pairs of sentences, tags of words, and the span that answers a question.

Pairs: are both sentences about the same thing? Tags: who travels, from where, to where? Spans: a question stands before
the sentence, and its answer is in it. BERT is that of `topics_by_read_out`; beside it the same trunk with its first
weights; and as a control BERT with a part of the input hidden: the first sentence, all other words (each word is read
alone), or the question. Three seeds, three rates, 100 steps.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.one_question_for_both import RATES, pretrained
from experiments.result_table import make_table
from experiments.topics_by_read_out import PRETRAINING
from helpers.data.batches import pad
from helpers.data.next_sentence import about_what, next_sentence_pairs, pad_two
from helpers.data.tasks.journeys import TAGS, ask_questions, sample_journeys
from helpers.data.world import sample_corpus, world_grammar
from helpers.models.gpt_bert import BERT, Sizes, new_model
from helpers.models.gpt_bert.token_heads import TokenHead, best_spans, span_losses, tag_losses, train_head

ARMS = ("BERT", "from scratch", "control")
TASKS = ("pairs", "tags", "spans")
LABELS = {"pairs": 400, "tags": 20, "spans": 100}  # examples to learn from
CHECKPOINTS = (100,)
COLUMNS = ["arm", "task", "rate", "seed", "steps", "right"]
KEYS = [*product(ARMS, TASKS, (1e-3, 3e-3, 1e-2), range(3))]


def task_data(task, seed, N):
    """Return tensors of N examples: tokens, mask, answers (places of tags, two ends of a span, or a class)."""
    rng = np.random.default_rng([seed, TASKS.index(task)])
    rows = lambda array: torch.as_tensor(array.T.copy()).long()  # noqa: E731
    if task == "pairs":
        corpus = sample_corpus(world_grammar(), 6 * N, rng)
        pairs = next_sentence_pairs(about_what(world_grammar().vocab, corpus), rng)
        two = pad_two(corpus, pairs.first[:N], pairs.second[:N])
        return rows(two.tokens), rows(two.mask).bool(), torch.as_tensor(pairs.is_next[:N]).long()
    journeys = sample_journeys(rng, N)
    if task == "tags":
        tokens, mask = pad(journeys.corpus, np.arange(N), start=True, end=True)
        tags = torch.zeros(tokens.T.shape, dtype=torch.long) - 1  # −1: no word
        for n, each in enumerate(journeys.tags):
            tags[n, 1 : 1 + len(each)] = torch.as_tensor(each)
        return rows(tokens), rows(mask).bool(), tags
    asked = ask_questions(journeys, rng)
    return rows(asked.tokens), rows(asked.mask).bool(), torch.as_tensor(np.stack([asked.first, asked.last], axis=1))


def without_a_part(task, tokens, V):
    """Hide what the task cannot do without: by the mask, V."""
    tokens = tokens.clone()
    if task == "pairs":  # the first sentence
        ends = (tokens == 3).long().argmax(dim=1)
        place = torch.arange(tokens.shape[1])
        tokens[(place > 0) & (place < ends[:, None])] = V
    elif task == "spans":  # the question's one word
        tokens[:, 1] = V
    return tokens


def rows_of(arm, task, rate, seed, checkpoints=CHECKPOINTS):
    """Tune one head for each number of steps; return the shares that it gets right of 300 other examples.

    Of pairs and spans the examples are counted (a span must be right at both ends), of tags the words that have one.
    """
    torch.set_num_threads(1)
    sizes = Sizes(len(world_grammar().vocab), D=64, layers=1, heads=4, T_max=40)
    model = new_model(BERT, sizes, seed=50 + seed) if arm == "from scratch" else None
    return [(steps, _right(arm, task, rate, seed, steps, model)) for steps in checkpoints]


def _right(arm, task, rate, seed, steps, model):
    model = pretrained("bert", RATES["bert"], PRETRAINING, seed) if model is None else model
    head = TokenHead(model, {"pairs": 2, "tags": len(TAGS), "spans": 2}[task])
    data, test = task_data(task, seed, LABELS[task]), task_data(task, 99, 300)

    def logits_of(tokens, mask):
        if arm == "control":
            tokens = without_a_part(task, tokens, model.V)
            if task == "tags":  # each word alone, at its place
                h, _ = head.trunk.layers[0](*_alone(head.trunk, tokens))
                return head.output(head.trunk.norm(h))
        return head(tokens, mask)

    def losses_of(numbers):
        tokens, mask, answers = (part[numbers] for part in data)
        logits = logits_of(tokens, mask)
        if task == "pairs":
            return tag_losses(logits[:, :1], answers[:, None], torch.ones_like(answers[:, None]).bool())
        if task == "tags":
            return tag_losses(logits, answers, answers >= 0)
        return span_losses(logits, *answers.T, mask)

    train_head(head, losses_of, LABELS[task], np.random.default_rng(seed), steps, rate=rate)
    tokens, mask, answers = test
    with torch.no_grad():
        logits = logits_of(tokens, mask)
    if task == "pairs":
        return float((logits[:, 0].argmax(-1) == answers).double().mean())
    if task == "tags":
        tagged = answers > 0
        return float((logits.argmax(-1) == answers)[tagged].double().mean())
    first, last = best_spans(logits, mask)
    return float(((first == answers[:, 0]) & (last == answers[:, 1])).double().mean())


def _alone(trunk, tokens):
    """What the first layer reads, and who may attend to whom: each token to itself."""
    T = tokens.shape[1]
    x = trunk.tokens(tokens) + trunk.positions.weight[:T]
    return x, torch.eye(T, dtype=torch.bool)[None, None]


if __name__ == "__main__":
    make_table("heads_for_sentences", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
