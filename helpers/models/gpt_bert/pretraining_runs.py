"""GPT and BERT pretrained at the same time, a process each, with the models they were on the way."""

from typing import NamedTuple

from numpy.random import default_rng
from torch import nn

from helpers.core.checks import check_choice
from helpers.core.processes import side_by_side
from helpers.core.training import History
from helpers.data.masking import MaskRule
from helpers.models.gpt_bert.bert import BERT
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.pretraining import train_bert, train_bert_on_pairs, train_gpt
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.torch_weights import new_model, set_weights, weight_arrays

_KINDS = ("gpt", "bert", "bert on pairs")


class PretrainingRun(NamedTuple):
    """What is to be trained, and how."""

    kind: str  # one of KINDS
    sizes: Sizes
    steps: int
    seed: int = 0  # of the first weights and of the batches
    batch: int = 32  # sentences, of which two are a pair
    rate: float | None = None  # None: what is best for its kind
    rule: MaskRule | None = None
    looks: tuple = ()  # steps before which the model is kept


class Pretrained(NamedTuple):
    """What came of it."""

    model: nn.Module
    history: History
    earlier: dict  # {step: the model before it}


def pretrain(runs, vocab, corpus, workers=2):
    """Train a new model for every run, `workers` at a time.

    Parameters
    ----------
    runs : list of Run
    vocab : Vocab
    corpus : Corpus or list of Corpus
        One for all runs, or one for each.
    workers : int
        Processes of one thread each; the result is the same for any number.

    Returns
    -------
    list of Pretrained

    Raises
    ------
    ValueError
        When a kind is unknown, a number is out of range, or there are not as many corpora as runs.
    """
    for run in runs:
        check_choice("kind", run.kind, _KINDS)
    corpora = corpus if isinstance(corpus, list) else [corpus] * len(runs)
    if len(corpora) != len(runs):
        raise ValueError(f"{len(corpora)} corpora came for {len(runs)} runs, expected one for each")
    calls = [{"run": run, "vocab": vocab, "corpus": own} for run, own in zip(runs, corpora, strict=True)]
    trained = []
    for run, (weights, history, earlier) in zip(runs, side_by_side(_train, calls, workers), strict=True):
        models = {step: set_weights(_new(run), kept) for step, kept in earlier.items()}
        trained.append(Pretrained(set_weights(_new(run), weights), history, models))
    return trained


def _train(run, vocab, corpus):
    model, rng, earlier = _new(run), default_rng(run.seed), {}

    def each(step):
        if step in run.looks:
            earlier[step] = weight_arrays(model)

    options = {"steps": run.steps, "each": each} | ({} if run.rate is None else {"rate": run.rate})
    if run.kind == "gpt":
        history = train_gpt(model, corpus, rng, batch=run.batch, **options)
    elif run.kind == "bert":
        history = train_bert(model, corpus, rng, batch=run.batch, rule=run.rule, **options)
    else:
        history = train_bert_on_pairs(model, vocab, corpus, rng, batch=run.batch // 2, rule=run.rule, **options)
    return weight_arrays(model), history, earlier


def _new(run):
    sizes = run.sizes._replace(segments=2) if run.kind == "bert on pairs" else run.sizes
    return new_model(GPT if run.kind == "gpt" else BERT, sizes, seed=run.seed)
