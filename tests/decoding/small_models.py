"""Three small models, written down as tables, on each of which a search goes wrong in its own way."""

from helpers.decoding.table_models import given_table

WORDS = ("<start>", "<end>", "the", "a", "dog", "cat", "barks", "sleeps")
START, END, THE, A, DOG, CAT, BARKS, SLEEPS = range(len(WORDS))


def words(tokens):
    """The tokens as text."""
    return " ".join(WORDS[token] for token in tokens)


def greedy_errs():
    """The most probable first word leads to no probable sentence.

    Greedy search takes "the" at 0.6, and whatever follows it is improbable: 0.24 in the end. "a dog" has 0.36.
    """
    return given_table(
        {
            (): {THE: 0.6, A: 0.4},
            (THE,): {DOG: 0.4, CAT: 0.3, BARKS: 0.2, SLEEPS: 0.1},
            (A,): {DOG: 0.9, CAT: 0.1},
        },
        len(WORDS),
        END,
    )


def wider_is_worse():
    """A beam of width 2 finds less than greedy search does.

    "the dog" has 0.208 and then ends for certain. At width 2 both continuations of "a", at 0.24 each, push it out, and
    each of them then splits in two: 0.12 is left. At width 3 "the dog" is found again.
    """
    return given_table(
        {
            (): {THE: 0.52, A: 0.48},
            (THE,): {DOG: 0.4, CAT: 0.3, BARKS: 0.3},
            (A,): {DOG: 0.5, CAT: 0.5},
            (A, DOG): {BARKS: 0.5, SLEEPS: 0.5},
            (A, CAT): {BARKS: 0.5, SLEEPS: 0.5},
        },
        len(WORDS),
        END,
    )


def short_wins():
    """The most probable output is the empty one, though nearly all outputs are long.

    Each word of "the dog barks" costs a little, and together they cost more than `<end>` at once, at 0.3: the sentence
    has 0.7 · 0.6 · 0.6 = 0.252. Without length normalisation a beam of width 1 finds the sentence, and every wider one
    finds nothing at all, which is what the model asks for: it is no search error.
    """
    return given_table(
        {
            (): {THE: 0.7, END: 0.3},
            (THE,): {DOG: 0.6, CAT: 0.4},
            (THE, DOG): {BARKS: 0.6, SLEEPS: 0.4},
            (THE, CAT): {BARKS: 0.5, SLEEPS: 0.5},
        },
        len(WORDS),
        END,
    )
