"""Valid calls of helpers.data."""

import datetime
from functools import cache
from importlib import import_module

import numpy as np

from helpers.data import batches, masking, next_sentence, prose, results, source_target_pairs, vocab, windows
from helpers.data.tasks import brackets, dates, delayed_recall, digit_among_letters, echo, pronouns, translation
from helpers.data.world import world_grammar
from tests.extreme_input.calls import Call

exact, grammar, relations, topics = (
    import_module(f"helpers.data.world.{name}") for name in ("exact_probabilities", "grammar", "relations", "topics")
)

SENTENCES = [["the", "cat", "sleeps"], ["the", "dog"], ["a", "cat", "and", "a", "dog"]]
PEOPLE = ("people",)
_TEXT = str(import_module("pathlib").Path(__file__).parents[2] / "README.md")


@cache
def _words():
    return vocab.build_vocab([word for sentence in SENTENCES for word in sentence])


@cache
def small():
    """A grammar that is quick to build and to ask."""
    return grammar.build_grammar(("the king", grammar.one_of("loves", "sees"), "the", grammar.one_of("queen", "dog")))


def _corpus(rng=None):
    return vocab.encode_sentences(_words(), SENTENCES)


def _said(rng):
    return grammar.sample_corpus(small(), 4, rng)


def _pairs(rng):
    return translation.translation_pairs(6, rng, (3, 5))


def _encoded(rng):
    pairs = _pairs(rng)
    return source_target_pairs.encode_pairs(pairs, *source_target_pairs.pair_vocabs(pairs))


def _questions(rng):
    return pronouns.pronoun_questions(world_grammar("people"), 200, rng)


def _probabilities(arguments, result):
    return None if np.all(result >= 0) and np.allclose(result.sum(axis=-1), 1) else "not probabilities"


def _tokens_inside(arguments, result):
    return (
        None
        if result.seen.min(initial=0) >= 0 and result.seen.max(initial=0) <= arguments["V"]
        else "a token that is none"
    )


def _shares(arguments, result):
    return None if np.all((result >= 0) & (result <= 1)) else "no shares"


@cache
def _table():
    return results.read_results("delayed_recall")


def _sequences(rng):
    return {"rng": rng, "batch": 2, "length": 5}


CALLS = [
    Call(batches.pad, lambda rng: {"corpus": _corpus(), "sentences": np.array([0, 2]), "start": True, "end": True}),
    Call(
        batches.shuffled_batches,
        lambda rng: {"size": 5, "batch": 2, "rng": rng, "epochs": 1},
        via=lambda **a: list(batches.shuffled_batches(**a)),
    ),
    Call(
        batches.length_buckets,
        lambda rng: {"lengths": np.array([3, 2, 5, 4]), "batch": 2, "rng": rng, "pool": 2},
        via=lambda **a: next(batches.length_buckets(**a)),
    ),
    Call(batches.token_stream, lambda rng: {"corpus": _corpus()}),
    Call(
        masking.mask_tokens,
        lambda rng: {"tokens": rng.integers(4, 8, size=(3, 4)), "V": 8, "rng": rng, "rule": masking.MaskRule()},
        _tokens_inside,
    ),
    Call(next_sentence.about_what, lambda rng: {"vocab": small().vocab, "corpus": _said(rng)}),
    Call(next_sentence.next_sentence_pairs, lambda rng: {"about": np.array([0, 0, 1, 1, -1]), "rng": rng}),
    Call(
        next_sentence.pad_two, lambda rng: {"corpus": _corpus(), "first": np.array([0, 2]), "second": np.array([1, 1])}
    ),
    Call(prose.frequent_words, lambda rng: {"vocab": vocab.build_vocab(["a", "b", "b"]), "n": 2}),
    Call(prose.split_sentences, lambda rng: {"text": "One. Two is more.", "lower": True}),
    Call(prose.read_text, lambda rng: {"path": _TEXT, "least_words": 10}),
    Call(results.read_results, lambda rng: {"name": "delayed_recall"}),
    Call(results.chosen, lambda rng: {"table": _table(), "arm": "RNN tanh"}, left=("table",)),
    Call(
        results.by_seed,
        lambda rng: {
            "table": results.chosen(_table(), arm="RNN tanh", rate=0.0003),
            "value": "right",
            "along": "steps",
        },
        left=("table",),
    ),
    Call(
        results.steps_until,
        lambda rng: {"curves": {"LSTM": (np.array([1, 2]), np.array([[0.1, 0.9], [0.2, 0.8]]))}, "level": 0.5},
    ),
    Call(
        results.medians,
        lambda rng: {"table": _table(), "value": "right", "of": "arm", "along": "steps"},
        left=("table",),
    ),
    Call(results.best_rates, lambda rng: {"table": _table(), "value": "right"}, left=("table",)),
    Call(results.curves_of_arms, lambda rng: {"table": _table(), "value": "right", "rate": 0.003}, left=("table",)),
    Call(source_target_pairs.alignment_matrix, lambda rng: {"pair": _pairs(rng)[0]}),
    Call(source_target_pairs.pair_vocabs, lambda rng: {"pairs": _pairs(rng)}),
    Call(
        source_target_pairs.encode_pairs,
        lambda rng: dict(
            zip(
                ("pairs", "source_vocab", "target_vocab"),
                (_pairs(rng), *source_target_pairs.pair_vocabs(_pairs(np.random.default_rng(0)))),
                strict=True,
            )
        ),
    ),
    Call(source_target_pairs.pair_batch, lambda rng: {"encoded": _encoded(rng), "numbers": np.array([0, 2])}),
    Call(source_target_pairs.split_pairs, lambda rng: {"pairs": _pairs(rng), "share": 0.5, "rng": rng}),
    Call(
        brackets.brackets,
        lambda rng: _sequences(rng) | {"most": 3, "fillers": 2, "filler_share": 0.3, "dtype": np.float32},
    ),
    Call(dates.date_pairs, lambda rng: {"count": 2, "rng": rng, "styles": (dates.Style(),), "years": (1950, 1960)}),
    Call(dates.write_date, lambda rng: {"day": datetime.date(1999, 12, 31), "style": dates.Style()}),
    Call(
        delayed_recall.delayed_recall,
        lambda rng: _sequences(rng) | {"delay": 2, "symbols": 3, "distractors": 2, "dtype": np.float32},
    ),
    Call(digit_among_letters.letters_and_digit, _sequences),
    Call(digit_among_letters.which_digit, lambda rng: _sequences(rng) | {"dtype": np.float32}),
    Call(digit_among_letters.three_questions, lambda rng: {"tokens": rng.integers(12, size=(2, 5))}),
    Call(echo.echo, lambda rng: _sequences(rng) | {"delay": 2, "symbols": 2, "dtype": np.float32}),
    Call(
        pronouns.pronoun_questions,
        lambda rng: {"grammar": world_grammar("people"), "sentences": 60, "rng": rng, "pronouns": ("he", "she")},
    ),
    Call(
        pronouns.sentences_in_a_row,
        lambda rng: {"questions": _questions(rng), "rows": np.array([[0, 1], [2, 0]])},
        left=("questions",),
    ),
    Call(translation.translate, lambda rng: {"source": ("the", "dog", "sees", "the", "cat"), "reverse_clauses": False}),
    Call(translation.gloss, lambda rng: {"target": translation.translate(("the", "dog", "sleeps")).target}),
    Call(
        translation.translation_pairs, lambda rng: {"count": 2, "rng": rng, "lengths": (3, 5), "reverse_clauses": True}
    ),
    Call(vocab.build_vocab, lambda rng: {"tokens": ["the", "cat", "the"], "minimum_count": 1, "maximum_size": 5}),
    Call(vocab.encode, lambda rng: {"vocab": _words(), "tokens": ["the", "cat"]}),
    Call(vocab.encode_sentences, lambda rng: {"vocab": _words(), "sentences": SENTENCES}),
    Call(vocab.encode_rows, lambda rng: {"vocab": _words(), "rows": [("the", "cat"), ("a", "dog")]}),
    Call(vocab.decode, lambda rng: {"vocab": _words(), "ids": np.array([4, 5])}),
    Call(vocab.decode_sentences, lambda rng: {"vocab": _words(), "corpus": _corpus()}),
    Call(vocab.sentence_numbers, lambda rng: {"corpus": _corpus()}),
    Call(vocab.tokenise, lambda rng: {"text": "The cat sleeps.", "lower": True}),
    Call(windows.context_windows, lambda rng: {"corpus": _corpus(), "window": 2, "rng": rng}),
    Call(windows.keep_probabilities, lambda rng: {"counts": np.array([5, 3, 1]), "threshold": 0.1}, _shares),
    Call(exact.entropy, lambda rng: {"grammar": small()}),
    Call(exact.is_sentence, lambda rng: {"grammar": small(), "sentence": "the king loves the queen"}),
    Call(exact.log_probabilities, lambda rng: {"grammar": small(), "corpus": _said(rng)}, infinite=True),
    Call(exact.token_log_probabilities, lambda rng: {"grammar": small(), "corpus": _said(rng)}, infinite=True),
    Call(exact.next_token_probabilities, lambda rng: {"grammar": small(), "sentence": "the king"}),
    Call(
        exact.blank_probabilities,
        lambda rng: {"grammar": small(), "sentence": "the king loves the queen", "position": 1},
        _probabilities,
    ),
    Call(grammar.expected_counts, lambda rng: {"grammar": small()}),
    Call(grammar.sample_corpus, lambda rng: {"grammar": small(), "sentences": 3, "rng": rng}),
    Call(
        grammar.build_grammar, lambda rng: {"expression": grammar.weighted([(1.0, "the dog barks"), (2.0, "the cat")])}
    ),
    Call(
        grammar.weighted,
        lambda rng: {"pairs": [(1.0, "the dog barks"), (2.0, "the cat")]},
        via=lambda pairs: exact.entropy(grammar.build_grammar(grammar.weighted(pairs))),
    ),
    Call(
        grammar.Choice,
        lambda rng: {"weights": (1.0, 2.0)},
        via=lambda weights: exact.entropy(grammar.build_grammar(grammar.Choice(("the dog", "a cat"), weights))),
    ),
    Call(relations.analogies, lambda rng: {"relation": next(iter(relations.RELATIONS))}),
    Call(
        relations.analogy_questions,
        lambda rng: {
            "relation": next(iter(relations.RELATIONS)),
            "pairs": relations.every_third([next(iter(relations.RELATIONS))]),
            "held_out": True,
        },
    ),
    Call(relations.every_third, lambda rng: {"relations": [next(iter(relations.RELATIONS))]}),
    Call(relations.similarity_pairs, lambda rng: {"rng": rng, "pairs": 20}),
    Call(relations.without_sentences, lambda rng: {"corpus": _corpus(), "pairs": np.array([[4, 5]])}),
    Call(topics.world_grammar, lambda rng: {"*": (world_grammar("people"), PEOPLE)[1]}),
]
