"""BLEU and the error rates against sacrebleu and jiwer: the same numbers, and the time that they take.

Run it with `PYTHONPATH=. .venv-bench/bin/python bench/text_scores.py`. All texts are random; both sides are given words
between single spaces, and nothing is tokenised further.
"""

from time import process_time

import jiwer
import numpy as np
import sacrebleu
from in_turn import in_turn

from helpers.models.bleu import bleu
from helpers.models.error_rates import character_error_rate, word_error_rate

CASES = 1000


def draw_texts(rng, sentences, references):
    """Outputs, and for each some references, that share many words; some outputs are empty."""
    words = np.array(["a", "red", "circle", "is", "left", "of", "the", "square"])

    def text(least):
        return " ".join(rng.choice(words, rng.integers(least, 12)))

    truths = [[text(1) for _ in range(references)] for _ in range(sentences)]
    return [_edited(rng, each[0]) if rng.random() < 0.7 else text(0) for each in truths], truths


def _edited(rng, text):
    words = text.split()
    if len(words) > 1:
        del words[rng.integers(len(words))]
    return " ".join(words)


def compare(cases=CASES):
    """Assert that all scores are equal, to 1e-12, and return in how many cases each score was not 0."""
    found = np.zeros(3, int)
    for seed in range(cases):
        rng = np.random.default_rng(seed)
        outputs, truths = draw_texts(rng, rng.integers(1, 8), rng.integers(1, 4))
        order = int(rng.integers(1, 5))
        theirs = sacrebleu.metrics.BLEU(tokenize="none", force=True, max_ngram_order=order)
        wanted = theirs.corpus_score(outputs, list(zip(*truths, strict=True)))
        ours = bleu(outputs, truths, order)
        np.testing.assert_allclose(100 * ours.score, wanted.score, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(100 * np.array(ours.precisions), wanted.precisions, rtol=1e-9)
        np.testing.assert_allclose(ours.brevity, wanted.bp, rtol=1e-12)
        firsts = [each[0] for each in truths]
        words, characters = word_error_rate(outputs, firsts), character_error_rate(outputs, firsts)
        np.testing.assert_allclose([words, characters], [jiwer.wer(firsts, outputs), jiwer.cer(firsts, outputs)])
        found += np.array([ours.score, words, characters]) > 0
    return found


def main():
    above_0 = compare()
    print(f"{CASES} cases are equal; above 0 are {above_0[0]} of BLEU, {above_0[1]} of WER and {above_0[2]} of CER")
    outputs, truths = draw_texts(np.random.default_rng(0), 1000, 1)
    firsts, theirs = [each[0] for each in truths], sacrebleu.metrics.BLEU(tokenize="none", force=True)
    times = in_turn(
        [lambda: bleu(outputs, truths), lambda: theirs.corpus_score(outputs, [firsts]),
         lambda: word_error_rate(outputs, firsts), lambda: jiwer.wer(firsts, outputs)],
        2.0, clock=process_time,
    )  # fmt: skip
    for name, (ours, other) in {"BLEU": times[:2], "WER": times[2:]}.items():
        print(f"{name} of 1,000 sentences: ours {1e3 * ours:.1f} ms, theirs {1e3 * other:.1f} ms")


if __name__ == "__main__":
    main()
