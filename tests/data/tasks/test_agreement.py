from helpers.data.tasks.agreement import AGREEMENT_WORDS, agreement_sentences


def test_every_sentence_stands_once_and_its_verb_agrees_with_its_subject():
    ids, targets, mask = agreement_sentences()
    assert ids.shape == targets.shape == mask.shape == (5, 20)
    sentences = set()
    for n in range(20):
        steps = mask[:, n].sum()
        assert mask[:steps, n].all(), "what counts comes first"
        read, next_words = ([AGREEMENT_WORDS[i] for i in each[:steps, n]] for each in (ids, targets))
        assert read[1:] == next_words[:-1], "the target of each word is the next one"
        assert next_words[-1] == ("sleep" if read[1].endswith("s") else "sleeps")
        sentences.add(" ".join([*read, next_words[-1]]))
    assert len(sentences) == 20
    assert {"the cat sleeps", "the dogs near the cat sleep", "the dog near the cats sleeps"} <= sentences
