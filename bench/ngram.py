"""N-grams of surnames: helpers.models.ngram against nltk.lm.

nltk is no requirement of the book, so this script runs in the environment that `make bench` makes in .venv-bench. Once
it is made,

    PYTHONPATH=. .venv-bench/bin/python bench/ngram.py

runs this script alone. Both count the same n-grams of the same surnames, and that they give the same probability to
each n-gram of held-out names is asserted. nltk's interpolated models end at the relative frequency of single tokens,
which gives nothing to a token that was never seen; ours go one step further, to 1 / V. For the comparison nltk's are
given that step too. nltk has no Jelinek–Mercer smoothing; its frame for interpolated models is given λ.
"""

from time import process_time

import numpy as np

from helpers.data.names import split_names, surnames
from helpers.data.vocab import END, SPECIALS, START, build_vocab, encode_sentences
from helpers.models.ngram import add_k, count_ngrams, jelinek_mercer, ngram_log_probs, witten_bell

ORDERS = (2, 4, 6)
K, WEIGHT = 0.1, 0.6


def everygrams(names, n, vocab):
    """The n-grams of orders 1 to n that end on a letter or `<end>`, as nltk takes them: a list for each name."""
    texts = []
    for name in names:
        tokens = [str(START)] * (n - 1) + [str(vocab.ids[letter]) for letter in name] + [str(END)]
        ends = range(n, len(tokens) + 1)
        texts.append([tuple(tokens[end - k : end]) for end in ends for k in range(1, n + 1)])
    return texts


def make_theirs(n):
    """nltk's models by our names, with the step from single tokens to 1 / V."""
    from nltk.lm.models import InterpolatedLanguageModel, Lidstone, WittenBellInterpolated

    class FixedWeight:
        """Smoothing with the weight λ, for nltk's InterpolatedLanguageModel."""

        def __init__(self, vocabulary, counter):
            self.counts = counter

        def alpha_gamma(self, word, context):
            counts = self.counts[context] if context else self.counts.unigrams
            return WEIGHT * counts.freq(word), 1 - WEIGHT

    def down_to_uniform(parent):
        class Model(parent):
            def unmasked_score(self, word, context=None):
                if context and not self.context_counts(context):
                    return self.unmasked_score(word, context[1:])
                if context:
                    alpha, gamma = self.estimator.alpha_gamma(word, context)
                    return alpha + gamma * self.unmasked_score(word, context[1:])
                counts = self.counts.unigrams
                kinds = len(counts)
                gamma = kinds / (kinds + counts.N()) if parent is WittenBellInterpolated else 1 - WEIGHT
                return (1 - gamma) * counts.freq(word) + gamma / len(self.vocab)

        return Model

    return {
        "add-k": Lidstone(K, n),
        "Jelinek–Mercer": down_to_uniform(InterpolatedLanguageModel)(FixedWeight, n),
        "Witten–Bell": down_to_uniform(WittenBellInterpolated)(n),
    }


def measure(n, train, held_out, vocab):
    """Print a row for each smoothing, after asserting that both give the same probabilities."""
    known, others = (encode_sentences(vocab, map(list, names)) for names in (train, held_out))
    smoothings = {"add-k": add_k(K), "Jelinek–Mercer": jelinek_mercer(WEIGHT), "Witten–Bell": witten_bell()}
    # nltk adds a word of its own for the unknown; without `<pad>` and `<start>` that makes our V.
    words = [str(i) for i, token in enumerate(vocab.tokens) if i == END or token not in SPECIALS]
    for name, theirs in make_theirs(n).items():
        begin = process_time()
        ours = count_ngrams(known, n, len(vocab), smoothings[name])
        counted = process_time()
        log_probs = ngram_log_probs(ours, others)
        scored = process_time()
        theirs.fit(everygrams(train, n, vocab), words)
        their_counted = process_time()
        highest = [ngram for text in everygrams(held_out, n, vocab) for ngram in text[n - 1 :: n]]
        their_probs = [theirs.score(ngram[-1], ngram[:-1]) for ngram in highest]
        their_scored = process_time()
        np.testing.assert_allclose(np.exp(log_probs), their_probs, rtol=1e-12)
        times = (counted - begin, their_counted - scored)
        each = (1e6 * seconds / len(log_probs) for seconds in (scored - counted, their_scored - their_counted))
        row = f"{n} {name:15} {-log_probs.mean():11.4f} {times[0]:14.2f} {times[1]:5.2f}"
        print(row, "{:20.1f} {:5.1f}".format(*each), flush=True)


def main():
    train, held_out = split_names(surnames(), np.random.default_rng(0))
    vocab = build_vocab(list("".join(train.names)))
    print("n smoothing       nats a token  count, s: ours, nltk  score, µs a token: ours, nltk", flush=True)
    for n in ORDERS:
        measure(n, train.names[::2], held_out.names[::20], vocab)


if __name__ == "__main__":
    main()
