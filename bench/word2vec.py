"""word2vec in NumPy against gensim: words per second, and what the vectors know of the small world.

gensim is no requirement of the book, so this script has an environment of its own: `make bench` makes it in
.venv-bench and runs the script there. Once it is made,

    PYTHONPATH=. .venv-bench/bin/python bench/word2vec.py

runs this script alone. It takes about five minutes on two cores.

All are trained on the same sentences for the same number of epochs, in turn, so that a busy machine slows all of them,
and the medians are shown. On the small world each has the learning rate that is best for it, of those in RATES; on
prose, where no truth is known, only the speed is of interest. gensim's threshold of subsampling is set so that both
keep the same number of words, as its formula differs a little. NumPy's BLAS has one thread: the products are small.
"""

import os
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import NamedTuple

if __name__ == "__main__":  # fixed before NumPy is loaded
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")

SENTENCES = 60_000
PROSE = ("numpy", "scipy", "gensim")  # packages whose docstrings are read
EPOCHS = 5
REPEATS = 3
SUBSAMPLING = 1e-3
RATES = {"skip-gram": (0.025, 0.05, 0.1), "cbow": (0.05, 0.1, 0.15)}
CONTEXTS = ("skip-gram", "cbow")
OUTPUTS = ("negative", "hierarchical")


class Row(NamedTuple):
    corpus: str
    model: str
    who: str
    rate: float
    words_per_second: float
    analogies: float  # the share of the world's analogies that is answered right; NaN on prose
    similarity: float  # Spearman's ρ with the true similarities; NaN on prose


class Text(NamedTuple):
    """A corpus, and what is true of it."""

    corpus: tuple
    sentences: list  # the same for gensim: lists of str
    V: int
    gensim_subsampling: float
    questions: object = None  # (Q, 4) ids
    pairs: tuple = ()  # first, second, grade


def measure(name, context, output, epochs=EPOCHS, repeats=REPEATS):
    """Train one model on "world" or "prose" by ours and by gensim, in turn; return a row for each."""
    text = TEXTS[name]()
    ways = {"ours": ours, "gensim, 1 worker": gensim(1), "gensim, 2 workers": gensim(2)}
    rates = dict.fromkeys(ways, RATES[context][0])
    if text.pairs:

        def knows(who, rate):
            return sum(quality(ways[who](text, context, output, rate, epochs, seed=0)[0], text))

        rates["ours"] = max(RATES[context], key=lambda rate: knows("ours", rate))
        best = max(RATES[context], key=lambda rate: knows("gensim, 1 worker", rate))
        rates["gensim, 1 worker"] = rates["gensim, 2 workers"] = best
    runs = {who: [] for who in ways}
    for seed in range(1, repeats + 1):
        for who, way in ways.items():
            E, seconds = way(text, context, output, rates[who], epochs, seed)
            runs[who].append((epochs * len(text.corpus.tokens) / seconds, *quality(E, text)))
    model = f"{context}, {output}"
    return [Row(name, model, who, rates[who], *map(median, zip(*runs[who], strict=True))) for who in ways]


def world():
    import numpy as np

    from helpers.data.world.grammar import sample_corpus
    from helpers.data.world.relations import analogies, similarity_pairs
    from helpers.data.world.topics import world_grammar

    grammar = world_grammar()
    ids = grammar.vocab.ids
    first, second, grade = zip(*similarity_pairs(np.random.default_rng(0)), strict=True)
    return _text(
        sample_corpus(grammar, SENTENCES, np.random.default_rng(0)),
        len(grammar.vocab),
        np.array([[ids[word] for word in quadruple] for quadruple in analogies()]),
        (np.array([ids[word] for word in first]), np.array([ids[word] for word in second]), np.array(grade)),
    )


def prose():
    from helpers.data.prose import docstrings, python_topics, split_sentences
    from helpers.data.vocab import build_vocab, encode_sentences

    sentences = split_sentences(python_topics() + "\n\n" + docstrings(*PROSE))
    vocab = build_vocab([word for sentence in sentences for word in sentence], minimum_count=2)
    return _text(encode_sentences(vocab, sentences), len(vocab))


TEXTS = {"world": world, "prose": prose}


def _text(corpus, V, *truth):
    words = corpus.tokens.astype(str).tolist()
    sentences = [words[a:b] for a, b in zip(corpus.starts[:-1], corpus.starts[1:], strict=True)]
    return Text(corpus, sentences, V, _equal_subsampling(corpus), *truth)


def _equal_subsampling(corpus):
    """The threshold t at which gensim, which keeps √(t/f) + t/f of a word, keeps as many words as we do."""
    import numpy as np

    from helpers.data.windows import keep_probabilities

    counts = np.bincount(corpus.tokens)
    counts = counts[counts > 0]
    share, wanted = counts / counts.sum(), counts @ keep_probabilities(counts, SUBSAMPLING)
    low, high = 0.0, SUBSAMPLING
    for _ in range(60):
        t = (low + high) / 2
        kept = counts @ np.minimum(1, np.sqrt(t / share) + t / share)
        low, high = (t, high) if kept < wanted else (low, t)
    return t


def ours(text, context, output, rate, epochs, seed):
    import numpy as np

    from helpers.models.word2vec.training import train_word2vec

    rng = np.random.default_rng(seed)
    options = {"context": context, "output": output, "rate": rate, "epochs": epochs, "subsampling": SUBSAMPLING}
    begin = perf_counter()
    params, _ = train_word2vec(text.corpus, text.V, rng, **options)
    return params.E, perf_counter() - begin


def gensim(workers):
    def way(text, context, output, rate, epochs, seed):
        import numpy as np
        from gensim.models import Word2Vec

        model = Word2Vec(vector_size=100, window=5, min_count=1, sample=text.gensim_subsampling, alpha=rate, seed=seed,
                         sg=int(context == "skip-gram"), hs=int(output == "hierarchical"),
                         negative=5 if output == "negative" else 0, workers=workers)  # fmt: skip
        model.build_vocab(text.sentences)
        begin = perf_counter()
        model.train(text.sentences, total_examples=len(text.sentences), epochs=epochs)
        seconds = perf_counter() - begin
        E = np.zeros((text.V, 100), np.float32)
        E[[int(word) for word in model.wv.index_to_key]] = model.wv.vectors
        return E, seconds

    return way


def quality(E, text):
    from helpers.models.word2vec.evaluate import analogy_accuracy, similarity_correlation

    if not text.pairs:
        return float("nan"), float("nan")
    return analogy_accuracy(E, text.questions, exclude=range(4)), similarity_correlation(E, *text.pairs)


def main():
    if find_spec("gensim") is None:
        print("gensim is not installed here: `make bench` runs this script where it is.")
        return
    print("corpus model                    who                  rate    words/s  ours/theirs  analogies  similarity")
    for name in TEXTS:
        for context in CONTEXTS:
            for output in OUTPUTS:
                rows = measure(name, context, output)
                for row in rows:
                    ratio = rows[0].words_per_second / row.words_per_second
                    print(f"{row.corpus:6} {row.model:24} {row.who:18} {row.rate:6.3f} {row.words_per_second:10,.0f}"
                          f" {ratio:12.2f} {row.analogies:10.3f} {row.similarity:11.3f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
