"""Grammars: expressions of what can be said, the graph that they are built into, and sentences drawn from it.

An expression is a str of words, a tuple of expressions that follow each other, or a `Choice` between expressions. The
empty str says nothing.
"""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_integer, check_positive, is_number
from helpers.data.vocab import END, SPECIALS, Corpus, Vocab, make_vocab

_SENTENCES_AT_ONCE = 1 << 16  # enough to be fast, few enough to need little memory


class _OptionsAndWeights(NamedTuple):
    options: tuple
    weights: tuple


class Choice(_OptionsAndWeights):
    """One of some parts of an expression, with their relative weights.

    Raises
    ------
    ValueError
        When there is no option, their number is not that of the weights, a weight is not a finite number above 0, or
        a share of the sum of the weights does not fit into a float.
    """

    __slots__ = ()

    def __new__(cls, options, weights):
        """Refuse weights that are no probabilities in proportion."""
        options, weights = tuple(as_list("options", options)), tuple(as_list("weights", weights))
        if len(options) != len(weights) or not options:
            raise ValueError(
                f"a choice has {len(options)} options and {len(weights)} weights, expected as many and at least one"
            )
        for weight in weights:
            check_positive("weight", weight)
        weights = tuple(weight.item() if isinstance(weight, np.generic) else weight for weight in weights)
        if not np.isfinite(float(sum(weights))) or not min(weights) / sum(weights) > 0:
            raise ValueError(f"weights span {min(weights)} to {max(weights)}, expected shares that fit into a float")
        return super().__new__(cls, options, weights)


def weighted(pairs):
    """One option of the pairs (weight, option), as likely as its share of the weights.

    Raises
    ------
    ValueError
        When there is no pair, or a weight is not a finite number above 0.
    """
    pairs = as_list("pairs", pairs)
    if not pairs:
        raise ValueError("a choice needs at least one option, got none")
    for pair in pairs:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise ValueError(f"a pair is {str(pair)[:60]}, expected (weight, option)")
    return Choice(tuple(option for _, option in pairs), tuple(weight for weight, _ in pairs))


def one_of(*options):
    """Any of the options, all equally likely."""
    return weighted((1, option) for option in options)


def zipf(options):
    """Any of the options, the one at rank r with a weight of 1/r, as word frequencies often are (Zipf's law)."""
    return weighted((1 / rank, option) for rank, option in enumerate(options, start=1))


def maybe(probability, part):
    """The part, or nothing.

    Raises
    ------
    ValueError
        When the probability is not between 0 and 1: what never or always comes needs no `maybe`.
    """
    if not is_number(probability) or not 0 < probability < 1:
        raise ValueError(f"probability is {probability}, expected a number between 0 and 1")
    return weighted([(probability, part), (1 - probability, "")])


class Grammar(NamedTuple):
    """A graph in which a sentence is one walk; node s has the arcs first[s] to first[s + 1] − 1, by ascending word."""

    vocab: Vocab
    start: int  # the node where sentences begin
    first: np.ndarray  # (nodes + 1,)
    words: np.ndarray  # (A,) the word of every arc, an id of the vocabulary
    probabilities: np.ndarray  # (A,) p(word | node)
    following: np.ndarray  # (A,) the node that the arc leads to; −1 after `<end>`, where the sentence is over


def build_grammar(expression, vocab=None):
    """Turn an expression into a graph in which a sentence is one walk.

    Parameters
    ----------
    expression : str, tuple or Choice
        A str of words; a tuple of expressions, one after the other; or a choice, such as `weighted`, `one_of`, `zipf`
        and `maybe` make.
    vocab : Vocab, optional
        One that holds every word, such as that of a larger grammar. Otherwise the words get their ids from frequent to
        rare, after the specials, and as counts what is expected in a million tokens, where `<end>` is a token too.

    Returns
    -------
    Grammar

    Raises
    ------
    ValueError
        When the expression has a part that is none of the three, allows the sentence of no words, or has a word that
        is a special token or that the vocabulary lacks.

    References
    ----------
    This is the determinisation of a weighted automaton, Mohri 1997, "Finite-State Transducers in Language and Speech
    Processing", https://aclanthology.org/J97-2003
    """
    nodes = _determinise(expression)
    if SPECIALS[END] in nodes[-1]:
        raise ValueError("the expression allows a sentence of no words, expected at least one word in each")
    if vocab is None:
        words = {word for arcs in nodes for word in arcs} - {SPECIALS[END]}
        draft = _as_arrays(nodes, make_vocab(dict.fromkeys(words, 0)))
        counts = expected_counts(draft)
        per_million = np.rint(1e6 * counts / counts.sum()).astype(int)
        vocab = make_vocab(dict(zip(draft.vocab.tokens.tolist(), per_million, strict=True)))
    return _as_arrays(nodes, vocab)


def _determinise(expression):
    """The nodes as {word: (probability, node that follows)}, those that follow before those they follow.

    While a sentence is being said, what has still to be said is a list of parts, written as (part, number of the
    list after it). A node is reached by the first words of a sentence; as several derivations may begin with them, it
    stands for several such lists, each with its probability given those words.
    """
    lists, known_lists = [None], {}  # list 0 is the empty one: nothing has to be said but the end
    begun = {0: [(1.0, SPECIALS[END], 0)]}
    nodes, known_nodes, reached = [], {}, {}

    def prepend(part, rest):
        key = (part if isinstance(part, str) else id(part), rest)
        if key not in known_lists:
            known_lists[key] = len(lists)
            lists.append((part, rest))
        return known_lists[key]

    def beginnings(number):
        """All (probability, first word, list after it) of a list."""
        if number not in begun:
            begun[number] = list(_beginnings(*lists[number], prepend, beginnings))
        return begun[number]

    def node(share):
        """The node that stands for the lists in {list: probability}."""
        key = frozenset((number, _rounded(p)) for number, p in share.items())
        if key not in reached:
            after = {}
            for number, p_list in share.items():
                for p, word, rest in beginnings(number):
                    after.setdefault(word, {}).setdefault(rest, 0.0)
                    after[word][rest] += p_list * p
            arcs = {}
            for word, rests in after.items():
                total = sum(rests.values())
                if not total > 0:
                    raise ValueError(f"the word {word} follows with a probability below the smallest float")
                arcs[word] = (total, -1 if word == SPECIALS[END] else node({r: p / total for r, p in rests.items()}))
            # Two nodes after which the same is said with the same probabilities are one.
            same = frozenset((word, _rounded(p), following) for word, (p, following) in arcs.items())
            if same not in known_nodes:
                known_nodes[same] = len(nodes)
                nodes.append(arcs)
            reached[key] = known_nodes[same]
        return reached[key]

    node({prepend(expression, 0): 1.0})
    return nodes


def _rounded(p):
    """Round p to 12 significant digits: what rounding makes different is the same, however small it is."""
    return float(f"{p:.11e}")


def _beginnings(part, rest, prepend, beginnings):
    if isinstance(part, Choice):
        total = sum(part.weights)
        for option, weight in zip(part.options, part.weights, strict=True):
            for p, word, after in beginnings(prepend(option, rest)):
                yield weight / total * p, word, after
    elif isinstance(part, tuple):
        for inner in reversed(part):
            rest = prepend(inner, rest)
        yield from beginnings(rest)
    elif isinstance(part, str):
        first, _, others = part.strip().partition(" ")
        if first in SPECIALS:
            raise ValueError(f"the word {first} is a special token, expected words of the language only")
        if first:
            yield 1.0, first, prepend(others, rest) if others else rest
        else:
            yield from beginnings(rest)
    else:
        raise ValueError(f"a part is {part!r}, expected a str, a tuple or a Choice")


def _as_arrays(nodes, vocab):
    missing = sorted({word for arcs in nodes for word in arcs} - vocab.ids.keys())
    if missing:
        raise ValueError(f"the vocabulary lacks {', '.join(missing[:5])}, expected one with every word of the grammar")
    first = np.cumsum([0] + [len(arcs) for arcs in nodes])
    rows = (sorted((vocab.ids[word], *arc) for word, arc in arcs.items()) for arcs in nodes)
    words, probabilities, following = (
        np.array(column) for column in zip(*(arc for row in rows for arc in row), strict=True)
    )
    return Grammar(vocab, len(nodes) - 1, first, words.astype(np.int32), probabilities, following)


def node_visits(grammar):
    """Yield for position 0, 1, … the probabilities (nodes,) of standing at each node before that word is said."""
    degree = np.diff(grammar.first)
    goes_on = grammar.following >= 0
    here = np.zeros(len(degree))
    here[grammar.start] = 1.0
    while here.any():
        yield here
        flow = np.repeat(here, degree) * grammar.probabilities
        here = np.bincount(grammar.following[goes_on], flow[goes_on], minlength=len(degree))


def expected_counts(grammar):
    """E[how often each token is in a sentence] (V,), exactly; `<end>` is in each once.

    Divided by its sum, which is the expected length, it is the unigram distribution of the language.
    """
    visits = sum(node_visits(grammar))
    flow = np.repeat(visits, np.diff(grammar.first)) * grammar.probabilities
    return np.bincount(grammar.words, flow, minlength=len(grammar.vocab))


def sample_corpus(grammar, sentences, rng):
    """Draw sentences from a grammar, independently of each other.

    Parameters
    ----------
    grammar : Grammar
    sentences : int
        How many.
    rng : numpy.random.Generator
        The same generator in the same state gives the same corpus.

    Returns
    -------
    Corpus
        Without `<end>`; `helpers.data.batches` puts it where a language model needs it.

    Raises
    ------
    ValueError
        When the number is not an integer above 0.
    """
    sentences = check_integer("sentences", sentences)
    ends = _arc_ends(grammar)
    blocks = [
        _sample_block(grammar, ends, min(_SENTENCES_AT_ONCE, sentences - n), rng)
        for n in range(0, sentences, _SENTENCES_AT_ONCE)
    ]
    tokens = np.concatenate([tokens for tokens, _ in blocks])
    return Corpus(tokens, np.cumsum(np.concatenate([[0], *(lengths for _, lengths in blocks)])))


def _arc_ends(grammar):
    """Node + Σ of p up to and with each arc: the arcs of node s share out the numbers from s to s + 1."""
    total = np.cumsum(grammar.probabilities)
    nodes = np.arange(len(grammar.first) - 1)
    before = np.concatenate([[0.0], total])[grammar.first[:-1]]
    ends = np.repeat(nodes - before, np.diff(grammar.first)) + total
    ends[grammar.first[1:] - 1] = nodes + 1  # rounding must not let a draw fall into the next node
    return ends


def _sample_block(grammar, ends, sentences, rng):
    """The words of some sentences in one flat array, and the lengths of the sentences."""
    node = np.full(sentences, grammar.start)
    going = np.arange(sentences)  # the sentences that are not over
    lengths = np.zeros(sentences, dtype=np.int64)
    steps = []
    while going.size:
        draw = np.minimum(node + rng.random(going.size), np.nextafter(node + 1.0, 0))
        arc = np.searchsorted(ends, draw, side="right")
        node = grammar.following[arc]
        going, arc, node = going[node >= 0], arc[node >= 0], node[node >= 0]
        lengths[going] += 1
        steps.append((going, grammar.words[arc]))
    starts = np.cumsum(lengths) - lengths
    tokens = np.empty(lengths.sum(), dtype=np.int32)
    for t, (sentence, word) in enumerate(steps):
        tokens[starts[sentence] + t] = word
    return tokens, lengths
