"""Byte-pair encoding: helpers.data.subwords against Hugging Face's tokenizers.

tokenizers is no requirement of the book, so this script runs in the environment that `make bench` makes in .venv-bench.
Once it is made,

    PYTHONPATH=. .venv-bench/bin/python bench/subwords.py

runs this script alone. Both learn from the same pieces of ten texts, which are cut beforehand, and encode these pieces.
That the merges are the same, in the same order, and so are all tokens is asserted for every text: when it encodes the
text that it has learnt from, and a text in another script, whose characters it has never seen. Both have one thread.
"""

import os
from time import process_time

if __name__ == "__main__":  # fixed before tokenizers is loaded
    os.environ["RAYON_NUM_THREADS"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"

from pydoc_data.topics import topics

import numpy as np
from in_turn import in_turn

from helpers.data.fast_subwords import fast_learn_subwords
from helpers.data.names import first_names, surnames
from helpers.data.prose import clean_prose, docstrings, python_topics
from helpers.data.subwords import cut_pieces, encode_subwords, learn_subwords

MERGES = 1000
READABLE_MERGES = 100  # the form that is read counts all pairs again for every merge
SECONDS = 2.0  # for each row
BORDER = "\ue000"  # a character of nobody's, between pieces
MANY_SCRIPTS = (
    "所有的动物生来平等,但是有些动物比其他动物更平等。 Все животные равны, но некоторые равнее других. "
    "όλα τα ζώα είναι ίσα. すべての動物は平等である。 كل الحيوانات متساوية. सभी जानवर समान हैं। "
    "모든 동물은 평등하다. 🐖🐑👩‍👩‍👧 "
)


def ten_texts():
    """Ten texts by name: English, code, names, numbers, one letter again and again, and many scripts."""
    numbers = " ".join(str(n**3) for n in range(3000))
    chosen = sorted(topics)
    return {
        "Python's help": python_topics(),
        "the same with its code": "\n".join(topics[name] for name in chosen),
        "docstrings of email": docstrings("email"),
        "docstrings of NumPy": docstrings("numpy"),
        "help on classes": clean_prose(topics["specialnames"] + topics["class"]),
        "first names": " ".join(first_names().names),
        "20,000 surnames": " ".join(surnames().names[:20_000]),
        "cubes": numbers,
        "aaa": " ".join("a" * (n % 50 + 1) for n in range(500)),
        "many scripts": MANY_SCRIPTS * 3,
    }


def their_tokenizer():
    """A BPE of tokenizers over characters, with bytes for the unknown; it takes pieces between borders as they are."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE(byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(BORDER, "removed")
    return tokenizer


def train_theirs(joined, merges):
    """The tokenizer of tokenizers, trained, with our specials and bytes first."""
    from tokenizers import trainers

    first = learn_subwords("a", 0).tokens[:-1]
    characters = len({*joined} - {BORDER})
    trainer = trainers.BpeTrainer(
        vocab_size=len(first) + characters + merges, min_frequency=2, special_tokens=list(first), show_progress=False
    )
    tokenizer = their_tokenizer()
    tokenizer.train_from_iterator([joined], trainer)
    return tokenizer


def their_merges(tokenizer):
    import json

    return [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]


def measure(name, text):
    """Print a row, after asserting that both learn the same merges and make the same tokens."""
    joined = BORDER.join(cut_pieces(text))
    theirs = train_theirs(joined, MERGES)
    ours = fast_learn_subwords(text, MERGES)
    merges = list(ours.ranks)
    assert merges == their_merges(theirs)[: len(merges)], name
    assert len(merges) == len(their_merges(theirs)), name
    for other in (text, MANY_SCRIPTS, "A text of nobody's, half known: naïve Zürich 3.14."):
        pieces = BORDER.join(cut_pieces(other))
        np.testing.assert_array_equal(encode_subwords(ours, other), theirs.encode(pieces).ids, err_msg=name)
    learning = in_turn(
        [lambda: fast_learn_subwords(text, MERGES), lambda: train_theirs(joined, MERGES)], SECONDS, 3, process_time
    )
    encoding = in_turn([lambda: encode_subwords(ours, text), lambda: theirs.encode(joined)], SECONDS, 3, process_time)
    print(f"{name:22} {len(text):9,} {len(merges):7}", *(f"{1e3 * t:9.1f}" for t in (*learning, *encoding)), flush=True)


def main():
    print("text                  characters  merges  learn, ms: ours, theirs  encode, ms: ours, theirs", flush=True)
    texts = ten_texts()
    for name, text in texts.items():
        measure(name, text)
    text = texts["Python's help"]
    read, fast = in_turn(
        [lambda: learn_subwords(text, READABLE_MERGES), lambda: fast_learn_subwords(text, READABLE_MERGES)],
        clock=process_time,
    )
    print(f"{READABLE_MERGES} merges of Python's help: the form that is read {read:.2f} s, the fast one {fast:.2f} s")


if __name__ == "__main__":
    main()
